// Q4_K: pairs of products stay below 15 * 127 * 2 = 3,810, so eight quads add up in 16 bits; one
// multiplication by the sub-scale both widens and scales them.

#include "engine/kernels/q4_k.h"

#include "engine/kernels/avx2/kernels.h"
#include "engine/kernels/avx2/product.h"

namespace melete::engine::kernels::avx2 {
namespace {

struct Q4K {
  using Block = PackedQ4K;
  using Column = Activations256;

  struct Scales {
    __m256i sub_scales[8][2];  // in both halves of a row's lane
    __m256i mins[4][2];        // of sub-blocks 2i and 2i + 1 in the halves of a row's lane
    __m256 scales[2];
    __m256 min_scales[2];
  };

  static Scales scales_of(const Block& block) {
    Scales out{};
    for (int half = 0; half < 2; half++) {
      const int row = 8 * half;
      for (int s = 0; s < 8; s++) {
        const __m256i scales = _mm256_cvtepu8_epi32(load_8(&block.sub_scales[s][row]));
        out.sub_scales[s][half] = doubled(scales);
      }
      for (int pair = 0; pair < 4; pair++) {
        out.mins[pair][half] = _mm256_cvtepu8_epi16(load_16(block.mins[pair][row]));
      }
      out.scales[half] = load_f16(&block.scales[row]);
      out.min_scales[half] = load_f16(&block.min_scales[row]);
    }
    return out;
  }

  template <int kColumns>
  static void add(const Block& block, const Scales& scales, const Column* columns, Sums* sums) {
    const __m256i nibble = _mm256_set1_epi8(15);
    for (int s = 0; s < 8; s++) {
      TileSums<kColumns> tile = {};
      for (int quad = 0; quad < 4; quad++) {
        const int8_t* values = &columns->quants[32 * s + 4 * quad];
        const __m256i first = load(block.quants[s][quad][0]);
        const __m256i second = load(block.quants[s][quad][8]);
        prefetch(block.quants[s][quad]);
        add_quad({_mm256_and_si256(first, nibble), _mm256_and_si256(second, nibble)}, values,
                 sizeof(Column), tile);
        add_quad({bits_of<4>(first, nibble), bits_of<4>(second, nibble)}, values + 16,
                 sizeof(Column), tile);
      }
      add_scaled(tile, scales.sub_scales[s], sums);
    }
  }

  static void finish(const Scales& scales, const Column& column, const Sums& sums, Totals& totals) {
    const __m256 column_scale = _mm256_set1_ps(column.scale);
    for (int half = 0; half < 2; half++) {
      __m256i min_sum = _mm256_setzero_si256();
      for (int pair = 0; pair < 4; pair++) {
        const __m256i sub_sums = broadcast_quad(&column.sums[2 * pair]);
        min_sum = _mm256_add_epi32(min_sum, _mm256_madd_epi16(scales.mins[pair][half], sub_sums));
      }
      const __m256 scale = _mm256_mul_ps(scales.scales[half], column_scale);
      const __m256 min_scale = _mm256_mul_ps(scales.min_scales[half], column_scale);
      __m256& total = totals.halves[half];
      total = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums.halves[half]), scale, total);
      total = _mm256_fnmadd_ps(_mm256_cvtepi32_ps(min_sum), min_scale, total);
    }
  }
};

}  // namespace

void multiply_q4_k(const Tile& tile) {
  multiply<Q4K>(tile);
}

}  // namespace melete::engine::kernels::avx2
