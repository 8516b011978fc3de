// Products for processors with vpdpbusd: AVX-512 VNNI, and AVX-VNNI on 256 bits. Attention with
// AVX-512.

#pragma once

#include "engine/kernels/attention_tile.h"
#include "engine/kernels/format.h"

namespace melete::engine::kernels::vnni {

// The five products of one instruction set.
struct Table {
  void (*q4_k)(const Tile& tile);
  void (*q6_k)(const Tile& tile);
  void (*q4_0)(const Tile& tile);
  void (*q4_1)(const Tile& tile);
  void (*q8_0)(const Tile& tile);
};

extern const Table kAvx512;
extern const Table kAvxVnni;

extern const AttentionMath kAttention512;

}  // namespace melete::engine::kernels::vnni
