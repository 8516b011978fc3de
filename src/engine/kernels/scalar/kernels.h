// The reference products, in plain loops: what the tests compare every other kernel with, and what
// a machine without a better kernel could run.

#pragma once

#include "engine/kernels/format.h"

namespace melete::engine::kernels::scalar {

// The reference for a format with groups of `rows` rows (8 or 16).
Kernel kernel_for(const Format& format, int rows);

}  // namespace melete::engine::kernels::scalar
