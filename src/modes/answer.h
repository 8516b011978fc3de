// A short answer as a value that can be compared: numbers by their size, letters without case, sets
// without order.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace melete::modes {

struct Number {
  double value = 0;
  bool percent = false;
};

struct Answer {
  std::string text;              // as it is shown
  std::string key;               // equal keys are equal answers
  std::optional<Number> number;  // set: compared by value instead
};

// Reads all of `text` as one number: sign, currency, thousands ("1,024"), decimals, fractions
// ("3/4", "1 1/2", "\frac{3}{4}"), powers of ten ("3.2e5", "3.2 x 10^5"), percent. Nothing when
// anything is left over.
std::optional<Number> parse_number(std::string_view text);

// Understands a short text: strips markup ("**18**", "$18$", "\text{...}") and a final full stop,
// then reads a number with or without a unit, a choice letter ("(B)", "B) Paris"), a list, or
// words.
Answer make_answer(std::string_view text);

// Whether two answers say the same. "50%" equals both "50" and "0.5".
bool same_answer(const Answer& left, const Answer& right);

}  // namespace melete::modes
