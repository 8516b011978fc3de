// What the processes of a group have found in a step, added up.

#pragma once

#include "base/error.h"
#include "model/parameters.h"
#include "parallel/group.h"

namespace melete::train {

struct StepSums {
  double loss = 0;    // in nats
  double taught = 0;  // tokens; exact below 16 million
};

// Makes the gradient of each weight the sum of those of all ranks, and returns the sums of `mine`.
// A weight that has no gradient in any rank has none afterwards. Fails with Unavailable.
Result<StepSums> sum_gradients(Group& group, const ParameterList& parameters, const StepSums& mine);

}  // namespace melete::train
