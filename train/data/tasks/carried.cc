// Tasks whose questions are drawn or said rather than written: the same problems with the same
// verifier, for the eye and for the ear. Whoever answers first writes down what was read, so that
// reading is taught sign by sign.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "data/canvas.h"
#include "data/recording.h"
#include "data/tasks/tasks.h"
#include "data/voice.h"

namespace melete::train {
namespace {

constexpr size_t kMostSigns = 28;  // that can be read in a small picture
constexpr int kHardestSaid = 4;    // large numbers take many seconds to say

// An easier problem where the wanted one would be too long.
Problem short_problem(const Task& task, Random& random, int difficulty) {
  for (;; difficulty = std::max(1, difficulty - 1)) {
    Problem problem = task.make(random, difficulty);
    MELETE_CHECK(!problem.written.empty(), "the task has a short form");
    if (problem.written.size() <= kMostSigns) return problem;
  }
}

// Cut at blanks into lines of about `signs`.
std::vector<std::string> lines_of(std::string_view text, size_t signs) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (!lines.back().empty() && lines.back().size() + end >= signs) lines.emplace_back();
    if (!lines.back().empty()) lines.back() += ' ';
    lines.back() += text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Picture draw(const std::string& text, Random& random) {
  const std::vector<std::string> lines = lines_of(text, random.between(7, 12));
  const auto width = static_cast<int>(random.between(120, 320));
  const auto height = static_cast<int>(width * random.uniform(0.6, 1));
  const WritingColours colours = writing_colours(random);
  Canvas canvas(width, height, colours.ground);
  canvas.choose_font(100, random);
  double widest = 0;
  for (const std::string& line : lines) widest = std::max(widest, canvas.width_of(line));
  const auto count = static_cast<double>(lines.size());
  const double largest = std::min(92.0 * width / widest, 0.75 * height / count);
  const double size = largest * random.uniform(0.7, 1);
  cairo_set_font_size(canvas.path(), size);
  const double pitch = size * random.uniform(1.1, 1.3);
  const double spare = std::max(0.0, height - pitch * count);
  double baseline = spare * random.uniform(0.3, 0.7) + size * 0.85;
  for (const std::string& line : lines) {
    canvas.write(line, width / 2.0, baseline, colours.ink, Canvas::Anchor::Middle);
    baseline += pitch;
  }
  return canvas.photograph(random);
}

// Puts a problem's short form into a picture or a sound, with words that say what to do with it.
using Carrier = std::vector<Part> (*)(const Problem&, Random&);

std::vector<Part> drawn(const Problem& problem, Random& random) {
  constexpr std::array kWordings = {"What is the result?", "Compute what is in the picture.",
                                    "Solve what you see.", "How much is this?"};
  return {draw(problem.written, random), std::string(random.pick(kWordings))};
}

std::vector<Part> said(const Problem& problem, Random& random) {
  constexpr std::array kWordings = {"What is the result?", "Compute what is said.",
                                    "Solve what you hear.", "How much is this?"};
  Result<Sound> sound = say(problem.said, random);
  MELETE_CHECK(sound.has_value(), "espeak-ng can speak");
  return {recorded(std::move(*sound), random), std::string(random.pick(kWordings))};
}

class CarriedTask final : public Task {
 public:
  CarriedTask(std::unique_ptr<Task> task, std::string_view suffix, int hardest, Carrier carry)
      : task_(std::move(task)),
        name_(fmt::format("{}_{}", task_->name(), suffix)),
        hardest_(hardest),
        carry_(carry) {}

  std::string_view name() const override { return name_; }

  bool accepts(const Problem& problem, std::string_view answer) const override {
    return task_->accepts(problem, answer);
  }

  Problem make(Random& random, int difficulty) const override {
    Problem problem = short_problem(*task_, random, std::min(difficulty, hardest_));
    problem.question = carry_(problem, random);
    problem.shown = problem.written;
    problem.short_trace = fmt::format("{}: {}", problem.written, problem.short_trace);
    problem.long_trace = fmt::format("{}\n{}", problem.written, problem.long_trace);
    if (random.chance(0.3)) std::swap(problem.question[0], problem.question[1]);
    return problem;
  }

 private:
  std::unique_ptr<Task> task_;
  std::string name_;
  int hardest_;
  Carrier carry_;
};

}  // namespace

std::unique_ptr<Task> make_drawn(std::unique_ptr<Task> task) {
  return std::make_unique<CarriedTask>(std::move(task), "drawn", kHardest, drawn);
}

Result<std::unique_ptr<Task>> make_said(std::unique_ptr<Task> task) {
  Random random(1);
  const Result<Sound> tried = say("one", random);
  if (!tried) return std::unexpected(tried.error());
  return std::make_unique<CarriedTask>(std::move(task), "said", kHardestSaid, said);
}

}  // namespace melete::train
