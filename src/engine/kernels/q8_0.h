// Q8_0 packed: blocks of 32 weights; weight = scale * quant. 8.5 bits a weight, as ggml has them.

#pragma once

#include <cstdint>

#include "engine/kernels/format.h"

namespace melete::engine::kernels {

struct PackedQ8_0 {
  uint16_t scales[kGroupRows];      // f16
  int8_t quants[8][kGroupRows][4];  // [quad]
};

extern const Format kQ8_0;

}  // namespace melete::engine::kernels
