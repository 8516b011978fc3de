// Q4_1 packed: blocks of 32 weights; weight = scale * quant + min. 5 bits a weight, as ggml has
// them.

#pragma once

#include <cstdint>

#include "engine/kernels/format.h"

namespace melete::engine::kernels {

struct PackedQ4_1 {
  uint16_t scales[kGroupRows];       // f16
  uint16_t mins[kGroupRows];         // f16
  uint8_t quants[4][kGroupRows][4];  // quad i in the low nibbles, quad i + 4 in the high ones
};

extern const Format kQ4_1;

}  // namespace melete::engine::kernels
