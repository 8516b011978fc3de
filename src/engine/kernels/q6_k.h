// Q6_K packed: 256 weights of a row in sixteen sub-blocks of 16; weight = scale * sub-scale *
// (quant - 32).
//
// 6.56 bits a weight, as ggml has them: nibbles as in q4_k.h, and the upper two bits of each quant
// apart.

#pragma once

#include <cstdint>

#include "engine/kernels/format.h"

namespace melete::engine::kernels {

template <int kRows>
struct PackedQ6K {
  uint16_t scales[kRows];  // f16
  int8_t sub_scales[16][kRows];
  // Of 32 weights along k, in eight quads:
  uint8_t low_bits[8][4][kRows][4];   // quad i in the low nibbles, quad i + 4 in the high ones
  uint8_t high_bits[8][2][kRows][4];  // [h]: quads 4h to 4h + 3, two bits each from the lowest up
};

extern const Format kQ6K;

}  // namespace melete::engine::kernels
