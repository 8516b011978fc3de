// Pictures with words in them, from a few large ones to a page of small ones. The answer points at
// each word and reads it, line by line, so that every word of a picture is taught and not only the
// one that is asked for.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "data/canvas.h"
#include "data/tasks/short_word.h"
#include "data/tasks/tasks.h"
#include "text/vocabulary.h"

namespace melete::train {
namespace {

constexpr size_t kMostWords = 12;

struct Word {
  std::string text;
  double x = 0;  // its middle, in pixels
  double y = 0;
};

// Words from left to right on one line; none where the first one finds no room.
std::vector<Word> fill_line(Canvas& canvas, double size, double baseline, Random& random) {
  const int most_letters = std::clamp(static_cast<int>(1.2 * canvas.width() / size), 4, 7);
  std::vector<Word> words;
  double left = size * random.uniform(0.2, 2);
  while (words.empty() || random.chance(0.75)) {
    std::string text = short_word(random, most_letters);
    const double width = canvas.width_of(text);
    if (left + width > canvas.width() - size * 0.2) break;
    words.push_back({std::move(text), left + width / 2, baseline - size * 0.35});
    left += width + size * random.uniform(0.6, 3);
  }
  return words;
}

// Lines of words over the whole picture, at least one word.
std::vector<Word> fill_page(Canvas& canvas, double size, Random& random) {
  const int most_lines = std::max(1, static_cast<int>(canvas.height() / (size * 1.4)));
  const auto lines = static_cast<int>(random.between(1, std::min(8, most_lines)));
  const double pitch = static_cast<double>(canvas.height()) / lines;
  std::vector<Word> page;
  while (page.empty()) {
    for (int line = 0; line < lines && page.size() < kMostWords; ++line) {
      const double spare = pitch - size * 1.2;
      const double baseline = line * pitch + size * 0.9 + spare * random.uniform(0.2, 0.8);
      std::ranges::move(fill_line(canvas, size, baseline, random), std::back_inserter(page));
    }
  }
  page.resize(std::min(page.size(), kMostWords));
  return page;
}

struct Asked {
  std::string text;
  std::string answer;
};

Asked ask(const std::vector<Word>& page, Random& random) {
  const double fate = random.unit();
  if (fate < 0.4) {
    constexpr std::array kWordings = {"What is written in the picture?", "Read the text.",
                                      "Read all words.", "What does it say?"};
    std::string all;
    for (const Word& word : page) all += all.empty() ? word.text : " " + word.text;
    return {random.pick(kWordings), std::move(all)};
  }
  if (fate < 0.6) {
    constexpr std::array kWordings = {"Which word comes first?", "What is the first word?"};
    return {random.pick(kWordings), page.front().text};
  }
  if (fate < 0.8) {
    constexpr std::array kWordings = {"Which word comes last?", "What is the last word?"};
    return {random.pick(kWordings), page.back().text};
  }
  constexpr std::array kWordings = {"How many words are in the picture?", "Count the words."};
  return {random.pick(kWordings), std::to_string(page.size())};
}

class ReadWords final : public Task {
 public:
  std::string_view name() const override { return "read_words"; }

  // Letters are a fifth of the picture's width at first, and as small as a chart's labels at last.
  Problem make(Random& random, int difficulty) const override {
    const auto width = static_cast<int>(random.between(140, 360));
    const auto height = static_cast<int>(width * random.uniform(0.6, 1));
    const WritingColours colours = writing_colours(random);
    Canvas canvas(width, height, colours.ground);
    const double largest = 0.2 - 0.14 * (difficulty - 1) / (kHardest - 1);
    const double size = width * largest * random.uniform(0.75, 1);
    canvas.choose_font(size, random);
    const std::vector<Word> page = fill_page(canvas, size, random);
    Problem problem;
    for (const Word& word : page) {
      canvas.write(word.text, word.x, word.y + size * 0.35, colours.ink, Canvas::Anchor::Middle);
      if (!problem.shown.empty()) problem.shown += '\n';
      problem.shown += fmt::format("{}{} \"{}\"", coordinate(word.x / width * kPictureUnits),
                                   coordinate(word.y / height * kPictureUnits), word.text);
    }
    Asked asked = ask(page, random);
    problem.answer = std::move(asked.answer);
    problem.question = {canvas.photograph(random), std::move(asked.text)};
    if (random.chance(0.3)) std::swap(problem.question[0], problem.question[1]);
    return problem;
  }
};

}  // namespace

std::unique_ptr<Task> make_read_words() {
  return std::make_unique<ReadWords>();
}

}  // namespace melete::train
