// Numbers as people read them.

#include "models/units.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace melete::models {

std::string decimal_bytes(int64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (value >= 1e9) return fmt::format("{:.2f} GB", value / 1e9);
  if (value >= 1e6) return fmt::format("{:.0f} MB", value / 1e6);
  if (value >= 1e3) return fmt::format("{:.0f} kB", value / 1e3);
  return fmt::format("{} bytes", bytes);
}

std::string binary_bytes(int64_t bytes) {
  constexpr double kMiB = 1024.0 * 1024.0;
  const auto value = static_cast<double>(bytes);
  if (value >= 1024 * kMiB) return fmt::format("{:.1f} GiB", value / (1024 * kMiB));
  return fmt::format("{:.0f} MiB", value / kMiB);
}

std::string time_span(double seconds) {
  const auto whole = static_cast<int64_t>(std::lround(std::max(0.0, seconds)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace melete::models
