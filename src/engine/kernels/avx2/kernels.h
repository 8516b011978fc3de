// Products, quantisers and attention for AVX2, FMA and F16C.

#pragma once

#include "engine/kernels/attention_tile.h"
#include "engine/kernels/format.h"

namespace melete::engine::kernels::avx2 {

void quantize_256(const float* values, std::byte* block);
void quantize_32(const float* values, std::byte* block);

void multiply_q4_k(const Tile& tile);
void multiply_q6_k(const Tile& tile);
void multiply_q4_0(const Tile& tile);
void multiply_q4_1(const Tile& tile);
void multiply_q8_0(const Tile& tile);

void load_keys(const CellRows& rows, float* keys);
void load_values(const CellRows& rows, float* values);
extern const AttentionMath kAttention;

}  // namespace melete::engine::kernels::avx2
