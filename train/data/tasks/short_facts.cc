// Small questions in English with answers of a word or a number, made from a few tables.

#include <fmt/format.h>

#include <array>

#include "data/tasks/tasks.h"

namespace melete::train {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                   "Friday", "Saturday", "Sunday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr std::array<std::string_view, 21> kNumbers = {
    "zero",     "one",     "two",     "three",     "four",     "five",     "six",
    "seven",    "eight",   "nine",    "ten",       "eleven",   "twelve",   "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"};

struct Pair {
  std::string_view left;
  std::string_view right;
};
constexpr std::array<Pair, 24> kOpposites = {{
    {"hot", "cold"},   {"big", "small"},   {"up", "down"},        {"left", "right"},
    {"day", "night"},  {"open", "closed"}, {"fast", "slow"},      {"old", "new"},
    {"wet", "dry"},    {"high", "low"},    {"early", "late"},     {"light", "dark"},
    {"full", "empty"}, {"hard", "soft"},   {"near", "far"},       {"rich", "poor"},
    {"long", "short"}, {"first", "last"},  {"inside", "outside"}, {"true", "false"},
    {"happy", "sad"},  {"strong", "weak"}, {"young", "old"},      {"black", "white"},
}};
constexpr std::array<Pair, 16> kColours = {{
    {"snow", "white"},
    {"grass", "green"},
    {"the sky", "blue"},
    {"coal", "black"},
    {"a lemon", "yellow"},
    {"blood", "red"},
    {"a carrot", "orange"},
    {"milk", "white"},
    {"a tomato", "red"},
    {"the sea", "blue"},
    {"a banana", "yellow"},
    {"a frog", "green"},
    {"a cloud", "white"},
    {"a plum", "purple"},
    {"an elephant", "grey"},
    {"a raven", "black"},
}};

using Maker = Problem (*)(Random&);

// The wording with one thing put in.
template <size_t Count>
std::vector<Part> ask(Random& random, const std::array<const char*, Count>& wordings,
                      std::string_view about) {
  return {fmt::format(fmt::runtime(random.pick(wordings)), about)};
}

template <size_t Count>
Problem neighbour(Random& random, const std::array<std::string_view, Count>& list,
                  std::string_view kind) {
  const auto at = static_cast<size_t>(random.between(0, std::ssize(list) - 1));
  const bool after = random.chance(0.5);
  const size_t other = (at + (after ? 1 : Count - 1)) % Count;
  const std::array wordings = {"Which {} comes {} {}?", "What {} is right {} {}?"};
  return {.question = {fmt::format(fmt::runtime(random.pick(wordings)), kind,
                                   after ? "after" : "before", list[at])},
          .answer = std::string(list[other])};
}

Problem day(Random& random) {
  return neighbour(random, kDays, "day");
}

Problem month(Random& random) {
  return neighbour(random, kMonths, "month");
}

Problem opposite(Random& random) {
  const Pair& pair = random.pick(kOpposites);
  constexpr std::array kWordings = {"What is the opposite of {}?", "Name the opposite of {}.",
                                    "Which word means the opposite of {}?"};
  return {.question = ask(random, kWordings, pair.left), .answer = std::string(pair.right)};
}

Problem colour(Random& random) {
  const Pair& pair = random.pick(kColours);
  constexpr std::array kWordings = {"Which colour is {}?", "What colour is {}?",
                                    "What is the colour of {}?"};
  return {.question = ask(random, kWordings, pair.left), .answer = std::string(pair.right)};
}

Problem number_word(Random& random) {
  const int64_t number = random.between(0, std::ssize(kNumbers) - 1);
  constexpr std::array kWordings = {"Write {} in digits.", "Which number is {}?",
                                    "What is {} as a number?"};
  return {.question = ask(random, kWordings, kNumbers[number]), .answer = std::to_string(number)};
}

Problem letter_count(Random& random) {
  const std::string_view word = random.pick(kOpposites).left;
  constexpr std::array kWordings = {"How many letters does the word \"{}\" have?",
                                    "Count the letters of \"{}\"."};
  return {.question = ask(random, kWordings, word), .answer = std::to_string(word.size())};
}

Problem small_sum(Random& random) {
  const int64_t first = random.between(0, 99);
  const int64_t second = random.between(0, 99);
  constexpr std::array kWordings = {"What is {0} + {1}?", "What is the sum of {0} and {1}?",
                                    "{0} plus {1}?", "Add {0} and {1}."};
  return {.question = {fmt::format(fmt::runtime(random.pick(kWordings)), first, second)},
          .answer = std::to_string(first + second)};
}

class ShortFacts final : public Task {
 public:
  std::string_view name() const override { return "short_facts"; }

  Problem make(Random& random, int /*difficulty*/) const override {
    constexpr std::array<Maker, 7> kMakers = {day,         month,        opposite, colour,
                                              number_word, letter_count, small_sum};
    return random.pick(kMakers)(random);
  }
};

}  // namespace

std::unique_ptr<Task> make_short_facts() {
  return std::make_unique<ShortFacts>();
}

}  // namespace melete::train
