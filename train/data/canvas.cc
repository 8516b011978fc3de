#include "data/canvas.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>

#include "base/check.h"

namespace melete::train {

namespace {

uint8_t to_byte(double value) {
  return static_cast<uint8_t>(std::lround(std::clamp(value, 0.0, 255.0)));
}

// Each value becomes the mean of a 3 by 3 square.
Picture blurred(const Picture& picture) {
  Picture soft = picture;
  const auto at = [&](int x, int y, int channel) {
    const int column = std::clamp(x, 0, picture.width - 1);
    const int row = std::clamp(y, 0, picture.height - 1);
    return picture
        .pixels[size_t{3} * (static_cast<size_t>(row) * picture.width + column) + channel];
  };
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x) {
      for (int channel = 0; channel < 3; ++channel) {
        int sum = 0;
        for (int i = 0; i < 9; ++i) sum += at(x + i % 3 - 1, y + i / 3 - 1, channel);
        soft.pixels[size_t{3} * (static_cast<size_t>(y) * picture.width + x) + channel] =
            static_cast<uint8_t>(sum / 9);
      }
    }
  }
  return soft;
}

// Cairo 1.16 keeps the files of fonts for all threads and mixes them up when several write at once.
std::mutex& one_writer() {
  static std::mutex lock;
  return lock;
}

}  // namespace

double distance(const Colour& a, const Colour& b) {
  return std::abs(a.red - b.red) * 0.3 + std::abs(a.green - b.green) * 0.5 +
         std::abs(a.blue - b.blue) * 0.2;
}

Colour varied(const Colour& colour, double reach, Random& random) {
  const auto near = [&](double part) {
    return std::clamp(part + random.uniform(-reach, reach), 0.0, 1.0);
  };
  return {near(colour.red), near(colour.green), near(colour.blue)};
}

Colour contrasting(const Colour& other, Random& random) {
  Colour colour;
  do {
    colour = {random.unit(), random.unit(), random.unit()};
  } while (distance(colour, other) < 0.4);
  return colour;
}

WritingColours writing_colours(Random& random) {
  WritingColours colours{.ground = {1, 1, 1}, .ink = {0, 0, 0}};
  if (!random.chance(0.5)) colours.ground = {random.unit(), random.unit(), random.unit()};
  const bool black = random.chance(0.5) && distance(colours.ground, colours.ink) > 0.5;
  if (!black) colours.ink = contrasting(colours.ground, random);
  return colours;
}

Canvas::Canvas(int width, int height, const Colour& background)
    : width_(width),
      height_(height),
      surface_(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height)),
      context_(cairo_create(surface_.get())) {
  MELETE_CHECK(cairo_status(context_.get()) == CAIRO_STATUS_SUCCESS, "the canvas has memory");
  cairo_set_source_rgb(path(), background.red, background.green, background.blue);
  cairo_paint(path());
}

void Canvas::fill(const Colour& colour) {
  cairo_set_source_rgb(path(), colour.red, colour.green, colour.blue);
  cairo_fill(path());
}

void Canvas::outline(const Colour& colour, double line_width) {
  cairo_set_source_rgb(path(), colour.red, colour.green, colour.blue);
  cairo_set_line_width(path(), line_width);
  cairo_stroke(path());
}

void Canvas::line(double x1, double y1, double x2, double y2, const Colour& colour,
                  double line_width) {
  cairo_move_to(path(), x1, y1);
  cairo_line_to(path(), x2, y2);
  outline(colour, line_width);
}

void Canvas::rectangle(double x, double y, double width, double height) {
  cairo_rectangle(path(), x, y, width, height);
}

void Canvas::choose_font(double size, Random& random) {
  // Those of packages/train.txt; for one that is missing cairo takes another.
  constexpr std::array kFamilies = {"DejaVu Sans",     "DejaVu Serif",     "DejaVu Sans Mono",
                                    "Liberation Sans", "Liberation Serif", "Liberation Sans Narrow",
                                    "Liberation Mono", "FreeSans",         "FreeSerif",
                                    "Open Sans",       "Carlito",          "Cantarell",
                                    "Comic Neue"};
  const std::scoped_lock lock(one_writer());
  cairo_select_font_face(path(), random.pick(kFamilies),
                         random.chance(0.1) ? CAIRO_FONT_SLANT_ITALIC : CAIRO_FONT_SLANT_NORMAL,
                         random.chance(0.3) ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(path(), size);
}

double Canvas::width_of(const std::string& text) {
  const std::scoped_lock lock(one_writer());
  cairo_text_extents_t extents;
  cairo_text_extents(path(), text.c_str(), &extents);
  return extents.x_advance;
}

void Canvas::write(const std::string& text, double x, double y, const Colour& colour,
                   Anchor anchor) {
  const double width = width_of(text);
  cairo_move_to(path(), x - (anchor == Anchor::Middle ? width / 2 : width), y);
  cairo_set_source_rgb(path(), colour.red, colour.green, colour.blue);
  const std::scoped_lock lock(one_writer());
  cairo_show_text(path(), text.c_str());
  cairo_new_path(path());
}

Picture Canvas::photograph(Random& random) {
  cairo_surface_flush(surface_.get());
  const unsigned char* data = cairo_image_surface_get_data(surface_.get());
  const int stride = cairo_image_surface_get_stride(surface_.get());
  const double grain = random.chance(0.5) ? random.uniform(0, 14) : 0;
  const double light = random.chance(0.4) ? random.uniform(0.75, 1.2) : 1;
  Picture picture{width_, height_, {}};
  picture.pixels.reserve(size_t{3} * width_ * height_);
  for (int y = 0; y < height_; ++y) {
    const auto* row = reinterpret_cast<const uint32_t*>(data + static_cast<size_t>(y) * stride);
    for (int x = 0; x < width_; ++x) {
      for (const int shift : {16, 8, 0}) {
        const double value = (row[x] >> shift & 255U) * light;
        const double noise = grain > 0 ? random.uniform(-grain, grain) : 0;
        picture.pixels.push_back(to_byte(value + noise));
      }
    }
  }
  return random.chance(0.2) ? blurred(picture) : picture;
}

}  // namespace melete::train
