// The learning rate over a run: warm-up, a long stable part, decay to nothing. The end need not be
// known until the decay begins.

#pragma once

#include <cstdint>

namespace melete::train {

struct Schedule {
  int64_t steps = 1000;      // of the whole run; at least 1
  int64_t warm_up = 20;      // steps of rising in a straight line
  double decay_share = 0.4;  // of `steps`, at the end, falling in a straight line; 0 to 1
};

// The share of the full learning rate at a step counted from 0: above 0 and at most 1.
double learning_rate_share(const Schedule& schedule, int64_t step);

}  // namespace melete::train
