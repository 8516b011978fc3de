#include "optimiser/schedule.h"

#include <algorithm>

namespace melete::train {

double learning_rate_share(const Schedule& schedule, int64_t step) {
  const double rising = static_cast<double>(step + 1) / static_cast<double>(schedule.warm_up + 1);
  const double decay = std::max(1.0, schedule.decay_share * static_cast<double>(schedule.steps));
  const double falling = static_cast<double>(schedule.steps - step) / decay;
  return std::clamp(std::min(rising, falling), 1e-6, 1.0);
}

}  // namespace melete::train
