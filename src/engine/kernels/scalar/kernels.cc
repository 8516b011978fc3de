#include "engine/kernels/scalar/kernels.h"

#include "base/check.h"
#include "engine/kernels/q4_k.h"
#include "engine/kernels/q6_k.h"

namespace melete::engine::kernels::scalar {
namespace {

// What one row of a block adds to one column.
template <int kRows>
float dot(const PackedQ4K<kRows>& weights, int row, const Activations256& column) {
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

template <int kRows>
float dot(const PackedQ6K<kRows>& weights, int row, const Activations256& column) {
  int32_t sum = 0;
  for (int k = 0; k < 256; k++) {
    const int quad = k % 32 / 4;
    const int low = weights.low_bits[k / 32][quad % 4][row][k % 4] >> (quad / 4 * 4) & 15;
    const int high = weights.high_bits[k / 32][quad / 4][row][k % 4] >> (quad % 4 * 2) & 3;
    sum += weights.sub_scales[k / 16][row] * ((low | high << 4) - 32) * column.quants[k];
  }
  return ggml_fp16_to_fp32(weights.scales[row]) * column.scale * static_cast<float>(sum);
}

template <template <int> class Packed, int kRows, typename Activations>
void multiply(const Tile& tile) {
  const auto* weights = reinterpret_cast<const Packed<kRows>*>(tile.weights);
  const auto* columns = reinterpret_cast<const Activations*>(tile.activations);
  for (int column = 0; column < tile.column_count; column++) {
    for (int row = 0; row < kRows; row++) {
      float sum = 0;
      for (int block = 0; block < tile.block_count; block++) {
        sum += dot(weights[block], row, columns[block * tile.column_count + column]);
      }
      tile.out[column * kRows + row] = sum;
    }
  }
}

template <template <int> class Packed, typename Activations>
Kernel kernel(const Format& format, int rows) {
  MELETE_CHECK(rows == 8 || rows == 16, "a group has 8 or 16 rows");
  if (rows == 8) return {&format, rows, multiply<Packed, 8, Activations>};
  return {&format, rows, multiply<Packed, 16, Activations>};
}

}  // namespace

Kernel kernel_for(const Format& format, int rows) {
  switch (format.type) {
    case GGML_TYPE_Q4_K:
      return kernel<PackedQ4K, Activations256>(format, rows);
    case GGML_TYPE_Q6_K:
      return kernel<PackedQ6K, Activations256>(format, rows);
    default:
      MELETE_CHECK(false, "every format has a reference");
      return {};
  }
}

}  // namespace melete::engine::kernels::scalar
