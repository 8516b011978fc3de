// Q6_K packed: 256 weights of a row in sixteen sub-blocks of 16; weight = scale * sub-scale *
// (quant - 32).
//
// 6.56 bits a weight, as ggml has them. A sub-block is four quads; three lie in the low six bits of
// their bytes, the fourth in the upper two bits of all three, its highest bits in the first.

#pragma once

#include <cstdint>

#include "engine/kernels/format.h"

namespace melete::engine::kernels {

struct PackedQ6K {
  uint16_t scales[kGroupRows];  // f16
  int8_t sub_scales[16][kGroupRows];
  uint8_t quants[16][3][kGroupRows][4];
};

// One quant, 0 to 63.
inline int quant_at(const PackedQ6K& block, int row, int k) {
  const auto& bytes = block.quants[k / 16];
  const int quad = k % 16 / 4;
  if (quad < 3) return bytes[quad][row][k % 4] & 63;
  return bytes[0][row][k % 4] >> 6 << 4 | bytes[1][row][k % 4] >> 6 << 2 |
         bytes[2][row][k % 4] >> 6;
}

extern const Format kQ6K;

}  // namespace melete::engine::kernels
