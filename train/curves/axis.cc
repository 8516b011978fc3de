#include "curves/axis.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace melete::train {

namespace {

// 1, 2 or 5 times a power of ten, not below `size`.
double round_step(double size) {
  const double power = std::pow(10, std::floor(std::log10(size)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= size * (1 - 1e-9)) return factor * power;
  }
  return 10 * power;
}

}  // namespace

Axis make_axis(double low, double high, int count) {
  if (!(high > low)) high = low + std::max(1.0, std::abs(low));
  const double step = round_step((high - low) / count);
  const double first = std::floor(low / step + 1e-9);
  const double last = std::ceil(high / step - 1e-9);
  Axis axis;
  for (double tick = first; tick <= last; ++tick) axis.ticks.push_back(tick * step);
  return axis;
}

std::string tick_text(double value) {
  constexpr std::array kUnits = {"", "k", "M", "G", "T"};
  size_t unit = 0;
  if (std::abs(value) >= 10'000) {
    while (std::abs(value) >= 1000 && unit + 1 < kUnits.size()) {
      value /= 1000;
      ++unit;
    }
  }
  return fmt::format("{:.4g}{}", value, kUnits[unit]);
}

}  // namespace melete::train
