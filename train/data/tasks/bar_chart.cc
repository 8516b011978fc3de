// Bar charts as a person would make them, and questions about their values. The answer first reads
// the whole chart from left to right: each bar's box, its label and its value. A small model that
// need only name the bar that was asked for learns boxes well and takes the wrong bar.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "data/canvas.h"
#include "data/tasks/short_word.h"
#include "data/tasks/tasks.h"
#include "text/vocabulary.h"

namespace melete::train {
namespace {

constexpr int kMostLetters = 6;  // of a label: its bar may be narrow

struct Bar {
  std::string label;
  int value = 0;
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

// How a chart looks.
struct Look {
  Colour ground;
  Colour ink;
  bool values_written = false;  // above each bar
  bool grid = false;
  bool one_colour = false;
  int top_of_axis = 10;  // the value at the chart's upper edge
};

std::string new_label(const std::vector<Bar>& bars, Random& random) {
  for (;;) {
    std::string label = short_word(random, kMostLetters);
    if (std::ranges::count(bars, label, &Bar::label) == 0) return label;
  }
}

std::vector<Bar> make_bars(int count, int top, Random& random) {
  std::vector<Bar> bars(count);
  for (int i = 0; i < count; ++i) {
    bars[i].label = new_label(bars, random);
    do {  // no two alike: one is the tallest, another the smallest
      bars[i].value = static_cast<int>(random.between(1, top));
    } while (std::ranges::count(bars, bars[i].value, &Bar::value) > 1);
  }
  return bars;
}

Look make_look(Random& random) {
  Look look;
  const double level = random.chance(0.15) ? random.uniform(0, 0.2) : random.uniform(0.9, 1);
  look.ground = varied({level, level, level}, 0.03, random);
  look.ink = level > 0.5 ? Colour{0.1, 0.1, 0.1} : Colour{0.92, 0.92, 0.92};
  look.values_written = random.chance(0.5);
  look.grid = random.chance(0.5);
  look.one_colour = random.chance(0.5);
  return look;
}

void draw_axis(Canvas& canvas, const Look& look, const Bar& frame, double font) {
  const int step = look.top_of_axis <= 10 ? 1 : look.top_of_axis <= 20 ? 2 : 10;
  for (int value = 0; value <= look.top_of_axis; value += step) {
    const double y = frame.bottom - (frame.bottom - frame.top) * value / look.top_of_axis;
    canvas.write(std::to_string(value), frame.left - 4, y + font * 0.35, look.ink,
                 Canvas::Anchor::Right);
    if (look.grid) {
      canvas.line(frame.left, y, frame.right, y, {0.6, 0.6, 0.6}, 0.5);
    }
  }
  canvas.line(frame.left, frame.top, frame.left, frame.bottom, look.ink, 1);
  canvas.line(frame.left, frame.bottom, frame.right, frame.bottom, look.ink, 1);
}

// Draws the chart and tells the bars where they stand, in units of the picture.
Picture draw(std::vector<Bar>& bars, const Look& look, Random& random) {
  const auto width = static_cast<int>(random.between(200, 360));
  const auto height = static_cast<int>(width * random.uniform(0.75, 1));
  Canvas canvas(width, height, look.ground);
  const double font = width * random.uniform(0.045, 0.06);
  canvas.choose_font(font, random);
  Bar frame;
  frame.left = font * 2.2;
  frame.top = font * 1.6;
  frame.right = width - font * 0.6;
  frame.bottom = height - font * 1.8;
  draw_axis(canvas, look, frame, font);
  const double pitch = (frame.right - frame.left) / static_cast<double>(bars.size());
  const double share = random.uniform(0.5, 0.85);
  const Colour shared = contrasting(look.ground, random);
  for (size_t i = 0; i < bars.size(); ++i) {
    Bar& bar = bars[i];
    const double middle = frame.left + pitch * (static_cast<double>(i) + 0.5);
    bar.left = middle - pitch * share / 2;
    bar.right = middle + pitch * share / 2;
    bar.bottom = frame.bottom;
    bar.top = frame.bottom - (frame.bottom - frame.top) * bar.value / look.top_of_axis;
    canvas.rectangle(bar.left, bar.top, bar.right - bar.left, bar.bottom - bar.top);
    canvas.fill(look.one_colour ? shared : contrasting(look.ground, random));
    canvas.write(bar.label, middle, frame.bottom + font * 1.2, look.ink, Canvas::Anchor::Middle);
    if (look.values_written) {
      canvas.write(std::to_string(bar.value), middle, bar.top - font * 0.25, look.ink,
                   Canvas::Anchor::Middle);
    }
  }
  for (Bar& bar : bars) {
    bar.left *= double{kPictureUnits} / width;
    bar.right *= double{kPictureUnits} / width;
    bar.top *= double{kPictureUnits} / height;
    bar.bottom *= double{kPictureUnits} / height;
  }
  return canvas.photograph(random);
}

std::string read_bar(const Bar& bar) {
  return fmt::format("{}{}{}{} \"{}\" {}", coordinate(bar.left), coordinate(bar.top),
                     coordinate(bar.right), coordinate(bar.bottom), bar.label, bar.value);
}

struct Asked {
  std::string text;
  std::string answer;
};

Asked value_of_one(const std::vector<Bar>& bars, Random& random) {
  constexpr std::array kWordings = {"What is the value of the bar \"{}\"?",
                                    "What is the value of \"{}\"?", "How high is the bar \"{}\"?",
                                    "Read the value of {} from the chart."};
  const Bar& bar = random.pick(bars);
  return {fmt::format(fmt::runtime(random.pick(kWordings)), bar.label), std::to_string(bar.value)};
}

Asked extreme(const std::vector<Bar>& bars, Random& random) {
  const bool largest = random.chance(0.6);
  constexpr std::array kLargest = {"Which bar is the tallest? Answer with its label.",
                                   "Which bar is highest?", "Which label has the largest value?"};
  constexpr std::array kSmallest = {"Which bar is the shortest? Answer with its label.",
                                    "Which bar is lowest?", "Which label has the smallest value?"};
  const Bar& bar = largest ? *std::ranges::max_element(bars, {}, &Bar::value)
                           : *std::ranges::min_element(bars, {}, &Bar::value);
  return {random.pick(largest ? kLargest : kSmallest), bar.label};
}

Asked of_two(std::vector<Bar>& bars, Random& random) {
  const auto first = static_cast<size_t>(random.between(0, std::ssize(bars) - 1));
  const auto gap = static_cast<size_t>(random.between(1, std::ssize(bars) - 1));
  const Bar* a = &bars[first];
  const Bar* b = &bars[(first + gap) % bars.size()];
  if (random.chance(0.4)) {
    constexpr std::array kSums = {"What is the sum of \"{}\" and \"{}\"?",
                                  "How much are \"{}\" and \"{}\" together?"};
    return {fmt::format(fmt::runtime(random.pick(kSums)), a->label, b->label),
            std::to_string(a->value + b->value)};
  }
  if (a->value < b->value) std::swap(a, b);
  constexpr std::array kDifferences = {
      "How much larger is the value of \"{}\" than the value of \"{}\"?",
      "By how much is \"{}\" higher than \"{}\"?",
      "What is the difference between \"{}\" and \"{}\"?"};
  return {fmt::format(fmt::runtime(random.pick(kDifferences)), a->label, b->label),
          std::to_string(a->value - b->value)};
}

Asked how_many(const std::vector<Bar>& bars, Random& random) {
  constexpr std::array kWordings = {"How many bars are there?",
                                    "How many bars does the chart have?", "Count the bars."};
  return {random.pick(kWordings), std::to_string(bars.size())};
}

Asked ask(std::vector<Bar>& bars, Random& random) {
  const double fate = random.unit();
  if (fate < 0.4) return value_of_one(bars, random);
  if (fate < 0.65) return extreme(bars, random);
  if (fate < 0.92) return of_two(bars, random);
  return how_many(bars, random);
}

class BarChart final : public Task {
 public:
  std::string_view name() const override { return "bar_chart"; }

  Problem make(Random& random, int difficulty) const override {
    constexpr std::array kTops = {10, 10, 20, 50};
    Look look = make_look(random);
    look.top_of_axis = difficulty <= 3 ? 10 : random.pick(kTops);
    const auto count = static_cast<int>(random.between(2, 3 + difficulty * 4 / kHardest));
    std::vector<Bar> bars = make_bars(count, look.top_of_axis, random);
    const Picture picture = draw(bars, look, random);
    const Asked asked = ask(bars, random);
    Problem problem{.question = {picture, asked.text}, .answer = asked.answer};
    if (random.chance(0.3)) std::swap(problem.question[0], problem.question[1]);
    std::vector<std::string> read;
    std::vector<std::string> values;
    for (const Bar& bar : bars) {
      read.push_back(read_bar(bar));
      values.push_back(fmt::format("\"{}\" {}", bar.label, bar.value));
    }
    problem.shown = fmt::format("{}", fmt::join(read, "\n"));
    problem.short_trace = fmt::format("read {}", asked.answer);
    problem.long_trace = fmt::format("{}\nresult {}", fmt::join(values, "\n"), asked.answer);
    return problem;
  }
};

}  // namespace

std::unique_ptr<Task> make_bar_chart() {
  return std::make_unique<BarChart>();
}

}  // namespace melete::train
