#include "engine/kernels/scalar/kernels.h"

#include "base/check.h"
#include "engine/kernels/q4_0.h"
#include "engine/kernels/q4_1.h"
#include "engine/kernels/q4_k.h"
#include "engine/kernels/q6_k.h"
#include "engine/kernels/q8_0.h"

namespace melete::engine::kernels::scalar {
namespace {

// What one row of a block adds to one column.
float dot(const PackedQ4K& weights, int row, const Activations256& column) {
  int32_t sum = 0;
  int32_t min_sum = 0;
  for (int s = 0; s < 8; s++) {
    int32_t sub_sum = 0;
    for (int k = 0; k < 32; k++) {
      const int both = weights.quants[s][k % 16 / 4][row][k % 4];
      sub_sum += (k < 16 ? both & 15 : both >> 4) * column.quants[32 * s + k];
    }
    sum += weights.sub_scales[s][row] * sub_sum;
    min_sum += weights.mins[s / 2][row][s % 2] * column.sums[s];
  }
  const float scale = ggml_fp16_to_fp32(weights.scales[row]) * column.scale;
  const float min_scale = ggml_fp16_to_fp32(weights.min_scales[row]) * column.scale;
  return scale * static_cast<float>(sum) - min_scale * static_cast<float>(min_sum);
}

float dot(const PackedQ6K& weights, int row, const Activations256& column) {
  int32_t sum = 0;
  for (int k = 0; k < 256; k++) {
    sum += weights.sub_scales[k / 16][row] * (quant_at(weights, row, k) - 32) * column.quants[k];
  }
  return ggml_fp16_to_fp32(weights.scales[row]) * column.scale * static_cast<float>(sum);
}

// The products of quants in nibbles.
int32_t nibble_sum(const uint8_t (&quants)[4][kGroupRows][4], int row,
                   const Activations32& column) {
  int32_t sum = 0;
  for (int k = 0; k < 32; k++) {
    const int both = quants[k % 16 / 4][row][k % 4];
    sum += (k < 16 ? both & 15 : both >> 4) * column.quants[k];
  }
  return sum;
}

float dot(const PackedQ4_0& weights, int row, const Activations32& column) {
  const int32_t sum =
      nibble_sum(weights.quants, row, column) + column.offsets[0] + column.offsets[1];
  return ggml_fp16_to_fp32(weights.scales[row]) * column.scale * static_cast<float>(sum);
}

float dot(const PackedQ4_1& weights, int row, const Activations32& column) {
  const auto sum = static_cast<float>(nibble_sum(weights.quants, row, column));
  return ggml_fp16_to_fp32(weights.scales[row]) * column.scale * sum +
         ggml_fp16_to_fp32(weights.mins[row]) * column.sum;
}

float dot(const PackedQ8_0& weights, int row, const Activations32& column) {
  int32_t sum = 0;
  for (int k = 0; k < 32; k++) sum += weights.quants[k / 4][row][k % 4] * column.quants[k];
  return ggml_fp16_to_fp32(weights.scales[row]) * column.scale * static_cast<float>(sum);
}

template <typename Packed, typename Activations>
void multiply(const Tile& tile) {
  const auto* weights = reinterpret_cast<const Packed*>(tile.weights);
  const auto* columns = reinterpret_cast<const Activations*>(tile.activations);
  for (int column = 0; column < tile.column_count; column++) {
    for (int row = 0; row < kGroupRows; row++) {
      float sum = 0;
      for (int block = 0; block < tile.block_count; block++) {
        sum += dot(weights[block], row, columns[block * tile.column_count + column]);
      }
      tile.out[column * kGroupRows + row] = sum;
    }
  }
}

}  // namespace

Kernel kernel_for(const Format& format) {
  switch (format.type) {
    case GGML_TYPE_Q4_0:
      return {&format, multiply<PackedQ4_0, Activations32>};
    case GGML_TYPE_Q4_1:
      return {&format, multiply<PackedQ4_1, Activations32>};
    case GGML_TYPE_Q8_0:
      return {&format, multiply<PackedQ8_0, Activations32>};
    case GGML_TYPE_Q4_K:
      return {&format, multiply<PackedQ4K, Activations256>};
    case GGML_TYPE_Q6_K:
      return {&format, multiply<PackedQ6K, Activations256>};
    default:
      MELETE_CHECK(false, "every format has a reference");
      return {};
  }
}

}  // namespace melete::engine::kernels::scalar
