// Drawing of pictures for tasks, on Cairo: shapes, text, and what cameras and scanners add.

#pragma once

#include <cairo.h>

#include <memory>
#include <string>

#include "data/random.h"
#include "senses/picture.h"

namespace melete::train {

// Red, green and blue, 0 to 1.
struct Colour {
  double red = 0;
  double green = 0;
  double blue = 0;
};

// How different two colours look, 0 to about 1.
double distance(const Colour& a, const Colour& b);

// A colour near `colour`; each part moves by at most `reach`.
Colour varied(const Colour& colour, double reach, Random& random);

// Any colour that differs from `other` by at least 0.4.
Colour contrasting(const Colour& other, Random& random);

// A ground and what can be read on it: black on white in many pictures, any two in others.
struct WritingColours {
  Colour ground;
  Colour ink;
};
WritingColours writing_colours(Random& random);

// Not thread-safe; canvases on several threads do not disturb each other.
class Canvas {
 public:
  Canvas(int width, int height, const Colour& background);

  int width() const { return width_; }
  int height() const { return height_; }

  // Cairo's own context, for paths.
  cairo_t* path() { return context_.get(); }

  // Fill or outline of the current path.
  void fill(const Colour& colour);
  void outline(const Colour& colour, double line_width);

  void line(double x1, double y1, double x2, double y2, const Colour& colour, double line_width);
  void rectangle(double x, double y, double width, double height);

  // The font of write(): one of some families that the machine has, or what stands for it there.
  void choose_font(double size, Random& random);

  // Width of a text in pixels.
  double width_of(const std::string& text);

  // Puts a text so that (x, y) is the middle of its baseline, or its right end.
  enum class Anchor { Middle, Right };
  void write(const std::string& text, double x, double y, const Colour& colour, Anchor anchor);

  // The pixels, with chance's share of grain, blur and a change of light.
  Picture photograph(Random& random);

 private:
  struct SurfaceDeleter {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  };
  struct ContextDeleter {
    void operator()(cairo_t* context) const { cairo_destroy(context); }
  };

  int width_;
  int height_;
  std::unique_ptr<cairo_surface_t, SurfaceDeleter> surface_;
  std::unique_ptr<cairo_t, ContextDeleter> context_;
};

}  // namespace melete::train
