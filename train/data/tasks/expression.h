// Arithmetic as people write it: whole numbers, + - * / and parentheses, in exact fractions.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace melete::train {

// A fraction in lowest terms with a positive denominator.
struct Fraction {
  int64_t numerator = 0;
  int64_t denominator = 1;

  bool operator==(const Fraction&) const = default;
};

struct Evaluated {
  Fraction value;
  std::vector<int64_t> numbers;  // that occur, in ascending order
};

// Nothing for a text that is no such expression, divides by zero, or has more than 100 characters
// or numbers of more than six digits.
std::optional<Evaluated> evaluate(std::string_view text);

}  // namespace melete::train
