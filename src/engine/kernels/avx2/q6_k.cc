// Q6_K: a pair of products stays below 63 * 127 * 2 = 16,002. Together with the offset (-32 times
// the activations) the sum over a sub-block of 16 is within 32 * 127 * 8 = 32,512, so it may wrap
// on its way and is right in 16 bits at the end.

#include "engine/kernels/q6_k.h"

#include "engine/kernels/avx2/kernels.h"
#include "engine/kernels/avx2/product.h"

namespace melete::engine::kernels::avx2 {
namespace {

struct Q6K {
  using Block = PackedQ6K;
  using Column = Activations256;

  struct Scales {
    __m256i sub_scales[16][2];  // in both halves of a row's lane
    __m256 scales[2];
  };

  static Scales scales_of(const Block& block) {
    Scales out{};
    for (int half = 0; half < 2; half++) {
      for (int s = 0; s < 16; s++) {
        const __m256i scales = _mm256_cvtepi8_epi32(load_8(&block.sub_scales[s][8 * half]));
        out.sub_scales[s][half] = doubled(scales);
      }
      out.scales[half] = load_f16(&block.scales[8 * half]);
    }
    return out;
  }

  struct Quads {
    __m256i of[4];
  };

  // The four quads of a sub-block, for eight rows from `row`.
  static Quads unpack(const Block& block, int s, int row) {
    const __m256i first = load(block.quants[s][0][row]);
    const __m256i second = load(block.quants[s][1][row]);
    const __m256i third = load(block.quants[s][2][row]);
    const __m256i low = _mm256_set1_epi8(0x3f);
    const __m256i highest = bits_of<2>(first, _mm256_set1_epi8(0x30));
    const __m256i middle = bits_of<4>(second, _mm256_set1_epi8(0x0c));
    const __m256i lowest = bits_of<6>(third, _mm256_set1_epi8(0x03));
    return {{_mm256_and_si256(first, low), _mm256_and_si256(second, low),
             _mm256_and_si256(third, low),
             _mm256_or_si256(_mm256_or_si256(highest, middle), lowest)}};
  }

  template <int kColumns>
  static void add(const Block& block, const Scales& scales, const Column* columns, Sums* sums) {
    for (int s = 0; s < 16; s++) {
      TileSums<kColumns> tile{};
      for (int c = 0; c < kColumns; c++) {
        tile.halves[c][0] = tile.halves[c][1] = broadcast_quad(&columns[c].offsets[s]);
      }
      for (int line = 0; line < 3; line++) prefetch(block.quants[s][line]);
      const Quads low_rows = unpack(block, s, 0);
      const Quads high_rows = unpack(block, s, 8);
      for (int quad = 0; quad < 4; quad++) {
        add_quad({low_rows.of[quad], high_rows.of[quad]}, &columns->quants[16 * s + 4 * quad],
                 sizeof(Column), tile);
      }
      add_scaled(tile, scales.sub_scales[s], sums);
    }
  }

  static void finish(const Scales& scales, const Column& column, const Sums& sums, Totals& totals) {
    const __m256 column_scale = _mm256_set1_ps(column.scale);
    for (int half = 0; half < 2; half++) {
      const __m256 scale = _mm256_mul_ps(scales.scales[half], column_scale);
      __m256& total = totals.halves[half];
      total = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sums.halves[half]), scale, total);
    }
  }
};

}  // namespace

void multiply_q6_k(const Tile& tile) {
  multiply<Q6K>(tile);
}

}  // namespace melete::engine::kernels::avx2
