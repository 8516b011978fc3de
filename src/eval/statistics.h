// Small statistics of paired samples.

#pragma once

#include <cstdint>
#include <span>

namespace melete::eval {

// The value below which `share` (0 to 1) of them lie, between neighbours in proportion; 0 for none.
double quantile(std::span<const double> values, double share);

double mean(std::span<const double> values);

struct Interval {
  double value = 0;  // the estimate
  double low = 0;    // 95 % of the resamples lie between
  double high = 0;
};

// The mean of left[i] - right[i], with the percentile interval of 10,000 paired resamples (Efron).
// The spans have equal lengths; the same seed gives the same interval.
Interval paired_difference(std::span<const double> left, std::span<const double> right,
                           uint32_t seed = 1);

// The median of left[i] / right[i] likewise; pairs with right[i] of 0 are left out.
Interval paired_ratio(std::span<const double> left, std::span<const double> right,
                      uint32_t seed = 1);

}  // namespace melete::eval
