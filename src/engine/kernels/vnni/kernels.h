// Products for processors with vpdpbusd: AVX-512 VNNI, and AVX-VNNI on 256 bits. Attention with
// AVX-512.

#pragma once

#include "engine/kernels/attention_tile.h"
#include "engine/kernels/format.h"

namespace melete::engine::kernels::vnni {

extern const ProductTable kAvx512;
extern const ProductTable kAvxVnni;

extern const AttentionMath kAttention512;

}  // namespace melete::engine::kernels::vnni
