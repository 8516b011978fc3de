// How long things took: a histogram whose steps are 2 % wide, from a microsecond to a minute.

#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace melete::bench {

class Delays {
 public:
  void add(double microseconds) {
    const double step = std::log(std::max(microseconds, 1.0)) / kStep;
    const auto index = std::min(static_cast<size_t>(step), counts_.size() - 1);
    ++counts_[index];
    ++count_;
    most_ = std::max(most_, microseconds);
  }

  // In microseconds: as long as `part` (0 to 1) of all took, or less. 0 when there is none.
  double percentile(double part) const {
    const double wanted = part * static_cast<double>(count_);
    double seen = 0;
    for (size_t index = 0; index < counts_.size(); ++index) {
      seen += static_cast<double>(counts_[index]);
      if (seen >= wanted && seen > 0) return std::exp((static_cast<double>(index) + 1) * kStep);
    }
    return 0;
  }

  int64_t count() const { return count_; }
  double most() const { return most_; }

 private:
  static constexpr double kStep = 0.02;

  std::array<int64_t, 900> counts_{};
  int64_t count_ = 0;
  double most_ = 0;
};

}  // namespace melete::bench
