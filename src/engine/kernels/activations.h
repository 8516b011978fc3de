// Activations as the kernels read them: int8 with one scale for each block, and the sums that undo
// the offsets of unsigned weights.
//
// A block's scale is its largest magnitude / 127, or zero where that is too small to invert. A
// block that holds NaN or infinity gets the scale NaN, so that what is wrong stays visible in its
// own column and in no other.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace melete::engine::kernels {

inline constexpr float kSmallestScale = 1e-30f;

enum class ActivationKind { Blocks32, Blocks256 };

// For formats with scales of their own within 256 weights (Q4_K, Q6_K).
struct alignas(64) Activations256 {
  std::array<int8_t, 256> quants;
  // For each 16 values, as two lanes (k % 4 below 2, k % 4 from 2): -32 times their sum, for
  // weights stored with an offset of 32.
  std::array<std::array<int16_t, 2>, 16> offsets;
  std::array<int16_t, 8> sums;  // of each 32 values
  float scale;
};

// For formats with one scale for each 32 weights (Q4_0, Q4_1, Q8_0).
struct Activations32 {
  std::array<int8_t, 32> quants;
  std::array<int16_t, 2> offsets;  // as above over the 32 values, -8 times their sum
  float scale;
  float sum;  // of the quantised values, times scale
};

// Values in a block and bytes of one.
int activation_block(ActivationKind kind);
size_t activation_bytes(ActivationKind kind);

// Quantises one block of values. `block` points to room for activation_bytes(kind).
using Quantize = void (*)(const float* values, std::byte* block);

}  // namespace melete::engine::kernels
