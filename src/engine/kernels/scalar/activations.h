// The reference quantisers, in plain loops.

#pragma once

#include "engine/kernels/activations.h"

namespace melete::engine::kernels::scalar {

void quantize_32(const float* values, std::byte* block);
void quantize_256(const float* values, std::byte* block);

}  // namespace melete::engine::kernels::scalar
