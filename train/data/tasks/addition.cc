// Sums of numbers, one after the other.

#include <fmt/format.h>

#include <array>
#include <vector>

#include "data/tasks/tasks.h"

namespace melete::train {
namespace {

std::vector<int64_t> summands(Random& random, int difficulty) {
  const int64_t largest = difficulty <= 3 ? 9 : difficulty <= 7 ? 99 : 999;
  std::vector<int64_t> numbers(random.between(2, 2 + difficulty / 3));
  for (int64_t& number : numbers) number = random.between(largest == 9 ? 0 : 1, largest);
  return numbers;
}

std::string question_of(const std::vector<int64_t>& numbers, Random& random) {
  constexpr std::array kListed = {"What is the sum of {} and {}?", "Add {} and {}.",
                                  "How much are {} and {} together?"};
  constexpr std::array kWritten = {"What is {}?", "{} = ?", "Compute {}.", "How much is {}?"};
  if (random.chance(0.5)) {
    return fmt::format(fmt::runtime(random.pick(kWritten)), fmt::join(numbers, " + "));
  }
  const std::vector<int64_t> first(numbers.begin(), numbers.end() - 1);
  return fmt::format(fmt::runtime(random.pick(kListed)), fmt::join(first, ", "), numbers.back());
}

class Addition final : public Task {
 public:
  std::string_view name() const override { return "addition"; }

  Problem make(Random& random, int difficulty) const override {
    const std::vector<int64_t> numbers = summands(random, difficulty);
    Problem problem{.question = {question_of(numbers, random)}};
    problem.written = fmt::format("{}", fmt::join(numbers, " + "));
    problem.said = fmt::format("{}", fmt::join(numbers, " plus "));
    int64_t sum = numbers.front();
    problem.short_trace = std::to_string(sum);
    for (size_t i = 1; i < numbers.size(); ++i) {
      const int64_t next = sum + numbers[i];
      problem.short_trace += fmt::format(" {}", next);
      problem.long_trace += fmt::format("{} + {} = {}\n", sum, numbers[i], next);
      sum = next;
    }
    problem.long_trace += fmt::format("{} numbers, sum {}", numbers.size(), sum);
    problem.answer = std::to_string(sum);
    return problem;
  }
};

}  // namespace

std::unique_ptr<Task> make_addition() {
  return std::make_unique<Addition>();
}

}  // namespace melete::train
