// Coloured shapes on a ground: how many there are of a kind, of a colour, or in all. The answer
// points at each shape that counts, from top to bottom.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "data/canvas.h"
#include "data/tasks/tasks.h"
#include "text/vocabulary.h"

namespace melete::train {
namespace {

constexpr std::array<std::string_view, 4> kKinds = {"circle", "square", "triangle", "star"};

struct Named {
  std::string_view name;
  Colour colour;
};
constexpr std::array<Named, 6> kColours = {{{"red", {0.86, 0.12, 0.12}},
                                            {"green", {0.12, 0.62, 0.2}},
                                            {"blue", {0.13, 0.3, 0.85}},
                                            {"yellow", {0.95, 0.83, 0.1}},
                                            {"purple", {0.55, 0.15, 0.65}},
                                            {"orange", {0.96, 0.52, 0.08}}}};

struct Shape {
  size_t kind = 0;
  size_t colour = 0;
  double x = 0;  // centre and reach in pixels
  double y = 0;
  double radius = 0;
};

// Corners at equal angles; every second one at `inner` of the radius.
void corners(cairo_t* path, const Shape& shape, int count, double inner, double turn) {
  for (int i = 0; i < count; ++i) {
    const double angle = turn + 2 * std::numbers::pi * i / count;
    const double reach = shape.radius * (i % 2 == 0 ? 1 : inner);
    cairo_line_to(path, shape.x + reach * std::sin(angle), shape.y - reach * std::cos(angle));
  }
  cairo_close_path(path);
}

void draw(Canvas& canvas, const Shape& shape, Random& random) {
  const double turn = random.chance(0.5) ? 0 : random.uniform(-0.35, 0.35);
  cairo_new_path(canvas.path());
  switch (shape.kind) {
    case 0:
      cairo_arc(canvas.path(), shape.x, shape.y, shape.radius, 0, 2 * std::numbers::pi);
      break;
    case 1:
      corners(canvas.path(), shape, 4, 1, turn + std::numbers::pi / 4);
      break;
    case 2:
      corners(canvas.path(), shape, 3, 1, turn);
      break;
    default:
      corners(canvas.path(), shape, 10, 0.42, turn);
  }
  const Colour colour = varied(kColours[shape.colour].colour, 0.08, random);
  if (random.chance(0.15)) {
    canvas.outline(colour, std::max(2.0, shape.radius / 4));
  } else {
    canvas.fill(colour);
  }
}

// Shapes that do not touch; fewer than `count` where there is no more room.
std::vector<Shape> scatter(int count, int width, int height, Random& random) {
  std::vector<Shape> shapes;
  const double side = std::min(width, height);
  const double largest = side * std::min(0.16, 0.42 / std::sqrt(count + 1.0));
  for (int tries = 0; tries < 60 * count && std::ssize(shapes) < count; ++tries) {
    Shape shape;
    shape.kind = static_cast<size_t>(random.between(0, std::ssize(kKinds) - 1));
    shape.colour = static_cast<size_t>(random.between(0, std::ssize(kColours) - 1));
    shape.radius = random.uniform(largest * 0.55, largest);
    shape.x = random.uniform(shape.radius + 2, width - shape.radius - 2);
    shape.y = random.uniform(shape.radius + 2, height - shape.radius - 2);
    const bool apart = std::ranges::all_of(shapes, [&](const Shape& other) {
      return std::hypot(shape.x - other.x, shape.y - other.y) >
             shape.radius + other.radius + side * 0.02;
    });
    if (apart) shapes.push_back(shape);
  }
  std::ranges::sort(shapes, {}, &Shape::y);
  return shapes;
}

// A pale, dark or grey ground: no shape's own colour.
Colour ground(Random& random) {
  const double level = random.chance(0.25) ? random.uniform(0, 0.12) : random.uniform(0.88, 1);
  return varied({level, level, level}, 0.04, random);
}

// What is asked for: any kind or colour where it is not set.
struct Wanted {
  std::optional<size_t> kind;
  std::optional<size_t> colour;

  bool covers(const Shape& shape) const {
    return kind.value_or(shape.kind) == shape.kind && colour.value_or(shape.colour) == shape.colour;
  }
};

Wanted choose(const std::vector<Shape>& shapes, Random& random) {
  // Mostly something that is there, so that zero is rare.
  Shape about = random.pick(shapes);
  if (random.chance(0.1)) about.colour = (about.colour + 1) % kColours.size();
  const double fate = random.unit();
  Wanted wanted;
  if (fate < 0.75) wanted.kind = about.kind;
  if (fate < 0.45 || (fate >= 0.75 && fate < 0.85)) wanted.colour = about.colour;
  return wanted;
}

std::string plural_of(const Wanted& wanted) {
  std::string name(wanted.colour ? kColours[*wanted.colour].name : "");
  if (wanted.colour) name += ' ';
  return name + (wanted.kind ? std::string(kKinds[*wanted.kind]) : std::string("shape")) + 's';
}

std::string question_of(const Wanted& wanted, Random& random) {
  if (!wanted.kind && !wanted.colour) {
    constexpr std::array kWordings = {"How many shapes are in the picture in total?",
                                      "How many shapes are there?", "Count all shapes.",
                                      "How many shapes do you see in total?"};
    return random.pick(kWordings);
  }
  constexpr std::array kWordings = {"How many {} are in the picture?", "How many {} are there?",
                                    "Count the {}.", "How many {} can you see?",
                                    "What is the number of {} in the picture?"};
  return fmt::format(fmt::runtime(random.pick(kWordings)), plural_of(wanted));
}

class CountShapes final : public Task {
 public:
  std::string_view name() const override { return "count_shapes"; }

  Problem make(Random& random, int difficulty) const override {
    const auto width = static_cast<int>(random.between(120, 320));
    const int height = random.chance(0.6) ? width : static_cast<int>(random.between(120, 320));
    const auto count = static_cast<int>(random.between(1, 2 + difficulty * 8 / kHardest));
    const std::vector<Shape> shapes = scatter(count, width, height, random);
    Canvas canvas(width, height, ground(random));
    for (const Shape& shape : shapes) draw(canvas, shape, random);
    const Wanted wanted = choose(shapes, random);
    Problem problem;
    fill_answer(problem, shapes, wanted, canvas);
    const std::string text = question_of(wanted, random);
    problem.question = {canvas.photograph(random), text};
    if (random.chance(0.3)) std::swap(problem.question[0], problem.question[1]);
    return problem;
  }

 private:
  static void fill_answer(Problem& problem, const std::vector<Shape>& shapes, const Wanted& wanted,
                          const Canvas& canvas) {
    int count = 0;
    for (const Shape& shape : shapes) {
      const std::string point = coordinate(shape.x / canvas.width() * kPictureUnits) +
                                coordinate(shape.y / canvas.height() * kPictureUnits);
      problem.long_trace +=
          fmt::format("{} {}{}", kColours[shape.colour].name, kKinds[shape.kind], point);
      if (wanted.covers(shape)) {
        problem.shown +=
            fmt::format("{} {}{}\n", kColours[shape.colour].name, kKinds[shape.kind], point);
        problem.long_trace += fmt::format(" {}", ++count);
      }
      problem.long_trace += '\n';
    }
    problem.long_trace += fmt::format("{} {}", count, plural_of(wanted));
    problem.short_trace = fmt::format("{} {}", count, plural_of(wanted));
    if (!problem.shown.empty()) problem.shown.pop_back();
    problem.answer = std::to_string(count);
  }
};

}  // namespace

std::unique_ptr<Task> make_count_shapes() {
  return std::make_unique<CountShapes>();
}

}  // namespace melete::train
