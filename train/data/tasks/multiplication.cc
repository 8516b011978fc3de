// Numbers of several digits, multiplied as on paper: one partial product for each digit.

#include <fmt/format.h>

#include <array>

#include "data/tasks/tasks.h"

namespace melete::train {
namespace {

int64_t with_digits(Random& random, int digits) {
  int64_t least = 1;
  for (int i = 1; i < digits; ++i) least *= 10;
  return random.between(digits == 1 ? 2 : least, least * 10 - 1);
}

class Multiplication final : public Task {
 public:
  std::string_view name() const override { return "multiplication"; }

  Problem make(Random& random, int difficulty) const override {
    const int digits = 2 + difficulty * 6 / kHardest;  // of both together
    const int of_first = static_cast<int>(random.between(1, digits - 1));
    const int64_t first = with_digits(random, of_first);
    const int64_t second = with_digits(random, digits - of_first);
    constexpr std::array kWordings = {"What is {} * {}?",
                                      "What is {} times {}?",
                                      "Multiply {} by {}.",
                                      "How much is {} x {}?",
                                      "Compute {} times {}.",
                                      "{} * {} = ?",
                                      "Find the product of {} and {}."};
    Problem problem{.question = {fmt::format(fmt::runtime(random.pick(kWordings)), first, second)}};
    problem.written = fmt::format("{} * {}", first, second);
    problem.said = fmt::format("{} times {}", first, second);
    int64_t sum = 0;
    int64_t place = 1;
    for (int64_t rest = second; rest > 0; rest /= 10, place *= 10) {
      const int64_t partial = first * (rest % 10) * place;
      sum += partial;
      problem.short_trace += fmt::format("{}{}", place == 1 ? "" : " + ", partial);
      problem.long_trace +=
          fmt::format("{} * {} = {}, sum {}\n", first, rest % 10 * place, partial, sum);
    }
    problem.short_trace += fmt::format(" = {}", sum);
    // Modulo nine a product equals the product of its factors.
    problem.long_trace += fmt::format("check mod 9: {} * {} = {}", first % 9, second % 9, sum % 9);
    problem.answer = std::to_string(sum);
    return problem;
  }
};

}  // namespace

std::unique_ptr<Task> make_multiplication() {
  return std::make_unique<Multiplication>();
}

}  // namespace melete::train
