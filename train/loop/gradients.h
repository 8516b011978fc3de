// The gradients of a step, before they move anything.

#pragma once

#include <cstdint>

#include "base/error.h"
#include "model/model.h"

namespace melete::train {

// Fails with Internal, naming the step (counted from 1) and the tensor, where a weight is not
// finite.
Result<void> check_weights(const Model& model, int64_t step, double loss);

// The length of all gradients together. Fails likewise where one of them or the loss is not finite,
// and names a weight before a gradient: a broken weight is a cause, a gradient only a consequence.
Result<double> gradient_norm(const Model& model, int64_t step, double loss);

}  // namespace melete::train
