// Products and attention for Arm processors with the dot product instructions of ARMv8.2, and
// better ones for those with i8mm.

#pragma once

#include "engine/kernels/attention_tile.h"
#include "engine/kernels/format.h"

namespace melete::engine::kernels::arm {

extern const ProductTable kDotprod;
extern const ProductTable kI8mm;

extern const AttentionMath kAttention;

}  // namespace melete::engine::kernels::arm
