// e^x for loops over whole vocabularies.

#pragma once

#include <algorithm>
#include <bit>
#include <numbers>

namespace melete::engine {

// e^x for x of at most 0, within a millionth of itself; below -60 and for NaN nothing worth
// counting. Unlike std::exp, a loop of it becomes vector instructions.
inline float quick_exp(float x) {
  const float powers = std::max(-60.0F, x) * std::numbers::log2e_v<float>;
  const int whole = static_cast<int>(powers - 0.5F);
  const float r = (powers - static_cast<float>(whole)) * std::numbers::ln2_v<float>;
  const float series = 1 + r * (1 + r / 2 * (1 + r / 3 * (1 + r / 4 * (1 + r / 5 * (1 + r / 6)))));
  return series * std::bit_cast<float>((whole + 127) << 23);
}

}  // namespace melete::engine
