// Q4_K packed: 256 weights of a row in eight sub-blocks of 32; weight = scale * sub-scale * quant -
// min-scale * min.
//
// ggml's 6-bit sub-scales and mins become bytes (4.5 to 4.625 bits a weight), so that a kernel
// reads them with one load. The quants keep their four bits.

#pragma once

#include <cstdint>

#include "engine/kernels/format.h"

namespace melete::engine::kernels {

struct PackedQ4K {
  uint16_t scales[kGroupRows];        // f16
  uint16_t min_scales[kGroupRows];    // f16
  uint8_t sub_scales[8][kGroupRows];  // 0 to 63
  uint8_t mins[4][kGroupRows][2];     // 0 to 63; of sub-blocks 2i and 2i + 1
  uint8_t quants[8][4][kGroupRows]
                [4];  // of a sub-block: quad i in the low nibbles, quad i + 4 in the high ones
};

extern const Format kQ4K;

}  // namespace melete::engine::kernels
