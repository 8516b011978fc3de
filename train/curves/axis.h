// The numbers along the side of a chart.

#pragma once

#include <string>
#include <vector>

namespace melete::train {

// From the first tick to the last, which lie around all that is drawn.
struct Axis {
  std::vector<double> ticks;  // at least two, in equal steps of 1, 2 or 5 times a power of ten

  double low() const { return ticks.front(); }
  double high() const { return ticks.back(); }

  // Where a value lies between low and high, 0 to 1.
  double share(double value) const { return (value - low()) / (high() - low()); }
};

// About `count` ticks, at least 2, around `low` to `high`; equal ones are taken apart.
Axis make_axis(double low, double high, int count);

// As short as it can be said: "0.25", "1500", "20k", "3.5M".
std::string tick_text(double value);

}  // namespace melete::train
