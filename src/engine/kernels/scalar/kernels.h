// The reference products, in plain loops: what the tests compare every other kernel with, and what
// a machine without a better kernel could run.

#pragma once

#include "engine/kernels/format.h"

namespace melete::engine::kernels::scalar {

Kernel kernel_for(const Format& format);

}  // namespace melete::engine::kernels::scalar
