// Reach a number from others, each used exactly once. Many answers are right, so an answer is
// worked out instead of compared.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "data/tasks/expression.h"
#include "data/tasks/tasks.h"

namespace melete::train {
namespace {

constexpr int64_t kSmallestTarget = 10;
constexpr int64_t kLargestTarget = 200;

struct Term {
  std::string text;
  int64_t value = 0;
};

struct Way {
  Term result;
  std::vector<std::string> steps;  // "3 * 7 = 21"
};

// Joins two terms; whole numbers above zero only.
std::optional<Term> join(const Term& a, const Term& b, char operation) {
  int64_t value = 0;
  if (operation == '+') value = a.value + b.value;
  if (operation == '-') value = a.value - b.value;
  if (operation == '*') value = a.value * b.value;
  if (operation == '/' && a.value % b.value == 0) value = a.value / b.value;
  if (value <= 0 || value > 1000) return std::nullopt;
  return Term{fmt::format("({} {} {})", a.text, operation, b.text), value};
}

// Joins all numbers in some random way.
Way random_way(const std::vector<int64_t>& numbers, Random& random) {
  std::vector<Term> terms;
  for (const int64_t number : numbers) terms.push_back({std::to_string(number), number});
  Way way;
  while (terms.size() > 1) {
    random.shuffle(terms);
    const Term b = terms.back();
    const Term a = terms[terms.size() - 2];
    const char operation = "+-*/"[random.between(0, 3)];
    const std::optional<Term> joined = join(a, b, operation);
    if (!joined) continue;
    terms.pop_back();
    terms.back() = *joined;
    way.steps.push_back(fmt::format("{} {} {} = {}", a.value, operation, b.value, joined->value));
  }
  way.result = terms.front();
  return way;
}

std::string without_outer_parentheses(const std::string& text) {
  return text.starts_with('(') ? text.substr(1, text.size() - 2) : text;
}

class Countdown final : public Task {
 public:
  std::string_view name() const override { return "countdown"; }

  Problem make(Random& random, int difficulty) const override {
    std::vector<int64_t> numbers(difficulty <= 3 ? 2 : difficulty <= 7 ? 3 : 4);
    Way way;
    do {
      for (int64_t& number : numbers) number = random.between(1, 5 + 4 * difficulty);
      way = random_way(numbers, random);
    } while (way.result.value < kSmallestTarget || way.result.value > kLargestTarget);
    const int64_t target = way.result.value;
    constexpr std::array kWordings = {
        "Using the numbers {0}, make {1}. Use each number exactly once with + - * /.",
        "Make {1} from {0}. You can use + - * / and need each number once.",
        "How can you reach {1} with {0}? Every number has to be used once.",
        "Find an expression with {0} that equals {1}."};
    Problem problem{.question = {fmt::format(fmt::runtime(random.pick(kWordings)),
                                             fmt::join(numbers, ", "), target)},
                    .short_trace = fmt::format("{}", fmt::join(way.steps, "\n")),
                    .answer = without_outer_parentheses(way.result.text)};
    for (int64_t tries = random.between(1, 3); tries > 0; --tries) {
      const Way other = random_way(numbers, random);
      if (other.result.value == target) continue;
      problem.long_trace += fmt::format("{}\n{} is not {}\n", fmt::join(other.steps, "\n"),
                                        other.result.value, target);
    }
    problem.long_trace += problem.short_trace + fmt::format("\ncheck: {}", target);
    return problem;
  }

  // The problem's own answer has the numbers and the target.
  bool accepts(const Problem& problem, std::string_view answer) const override {
    const std::optional<Evaluated> given = evaluate(answer);
    const std::optional<Evaluated> known = evaluate(problem.answer);
    return given && known && given->value == known->value && given->numbers == known->numbers;
  }
};

}  // namespace

std::unique_ptr<Task> make_countdown() {
  return std::make_unique<Countdown>();
}

}  // namespace melete::train
