// Steps of arithmetic, each modulo the same number. As many steps as tokens of thought are needed,
// so that the length of a trace has a floor.

#include <fmt/format.h>

#include <array>

#include "data/tasks/tasks.h"

namespace melete::train {
namespace {

struct Step {
  char operation;
  int64_t operand;
};

int64_t apply(int64_t value, const Step& step, int64_t modulus) {
  if (step.operation == '+') return (value + step.operand) % modulus;
  if (step.operation == '-') return ((value - step.operand) % modulus + modulus) % modulus;
  return value * step.operand % modulus;
}

std::string in_words(const Step& step) {
  if (step.operation == '+') return fmt::format("add {}", step.operand);
  if (step.operation == '-') return fmt::format("subtract {}", step.operand);
  return fmt::format("multiply by {}", step.operand);
}

// As one formula, each step in brackets.
std::string expression_of(int64_t start, const std::vector<Step>& steps) {
  std::string expression = std::to_string(start);
  for (const Step& step : steps) {
    expression = fmt::format("({} {} {})", expression, step.operation, step.operand);
  }
  return expression;
}

std::string said(int64_t start, const std::vector<Step>& steps, int64_t modulus) {
  std::string text = std::to_string(start);
  for (const Step& step : steps) text += ' ' + in_words(step);
  return fmt::format("{} modulo {}", text, modulus);
}

std::string question_of(Random& random, int64_t start, const std::vector<Step>& steps,
                        int64_t modulus) {
  if (random.chance(0.4)) {
    const std::string expression = expression_of(start, steps);
    constexpr std::array kWordings = {"What is {} mod {}?", "Compute {} modulo {}.",
                                      "{} mod {} = ?", "Find the remainder of {} divided by {}."};
    return fmt::format(fmt::runtime(random.pick(kWordings)), expression, modulus);
  }
  std::string list;
  for (const Step& step : steps) list += ", " + in_words(step);
  constexpr std::array kWordings = {
      "Start with {}{}. Take every result modulo {}. What is the result?",
      "I begin at {}{}, always mod {}. Where do I end?",
      "Take {}{}. Work modulo {}. Which number do you get?"};
  return fmt::format(fmt::runtime(random.pick(kWordings)), start, list, modulus);
}

class ModularChain final : public Task {
 public:
  std::string_view name() const override { return "modular_chain"; }

  Problem make(Random& random, int difficulty) const override {
    constexpr std::array<int64_t, 6> kModuli = {2, 5, 7, 10, 11, 13};
    const int64_t modulus = random.pick(kModuli);
    const int64_t start = random.between(0, modulus - 1);
    std::vector<Step> steps(random.between(1 + difficulty, 2 + 2 * difficulty));
    for (Step& step : steps) {
      step = {"+-*"[random.between(0, 2)], random.between(1, 9)};
    }
    Problem problem{.question = {question_of(random, start, steps, modulus)}};
    problem.written = fmt::format("{} mod {}", expression_of(start, steps), modulus);
    problem.said = said(start, steps, modulus);
    int64_t value = start;
    problem.short_trace = std::to_string(value);
    for (const Step& step : steps) {
      const int64_t next = apply(value, step, modulus);
      problem.short_trace += fmt::format(" {}", next);
      problem.long_trace +=
          fmt::format("{} {} {} = {} mod {}\n", value, step.operation, step.operand, next, modulus);
      value = next;
    }
    problem.long_trace += fmt::format("check: {} steps, result {}", steps.size(), value);
    problem.answer = std::to_string(value);
    return problem;
  }
};

}  // namespace

std::unique_ptr<Task> make_modular_chain() {
  return std::make_unique<ModularChain>();
}

}  // namespace melete::train
