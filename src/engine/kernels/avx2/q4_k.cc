// Q4_K: pairs of products stay below 15 * 127 * 2 = 3,810, so eight quads add up in 16 bits; one
// multiplication by the sub-scale both widens and scales them.

#include "engine/kernels/q4_k.h"

#include "engine/kernels/avx2/kernels.h"
#include "engine/kernels/avx2/product.h"

namespace melete::engine::kernels::avx2 {
namespace {

struct Q4K {
  using Block = PackedQ4K<8>;
  using Column = Activations256;
  static constexpr int kPieces = 8;

  struct Piece {
    __m256i quads[8];
    __m256i scales;  // each row's sub-scale in both halves of its lane
  };

  static Piece unpack(const Block& block, int s) {
    const __m256i nibble = _mm256_set1_epi8(15);
    Piece piece;
    for (int quad = 0; quad < 4; quad++) {
      const __m256i both = load(block.quants[s][quad]);
      piece.quads[quad] = _mm256_and_si256(both, nibble);
      piece.quads[quad + 4] = bits_of<4>(both, nibble);
      prefetch(reinterpret_cast<const char*>(block.quants[s][quad]) + 4 * sizeof(Block));
    }
    const __m256i scales = _mm256_cvtepu8_epi32(
        _mm_loadl_epi64(reinterpret_cast<const __m128i*>(block.sub_scales[s])));
    piece.scales = _mm256_or_si256(scales, _mm256_slli_epi32(scales, 16));
    return piece;
  }

  static __m256i dot(const Piece& piece, const Column& column, int s) {
    const int8_t* values = &column.quants[32 * s];
    __m256i sum = _mm256_maddubs_epi16(piece.quads[0], broadcast_quad(values));
    for (int quad = 1; quad < 8; quad++) {
      const __m256i product =
          _mm256_maddubs_epi16(piece.quads[quad], broadcast_quad(values + 4 * quad));
      sum = _mm256_add_epi16(sum, product);
    }
    return _mm256_madd_epi16(sum, piece.scales);
  }

  static __m256 finish(const Block& block, const Column& column, __m256i sum, __m256 total) {
    __m256i min_sum = _mm256_setzero_si256();
    for (int pair = 0; pair < 4; pair++) {
      const __m256i mins =
          _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(block.mins[pair])));
      const __m256i products = _mm256_madd_epi16(mins, broadcast_quad(&column.sums[2 * pair]));
      min_sum = _mm256_add_epi32(min_sum, products);
    }
    const __m256 column_scale = _mm256_set1_ps(column.scale);
    const __m256 scale = _mm256_mul_ps(load_f16(block.scales), column_scale);
    const __m256 min_scale = _mm256_mul_ps(load_f16(block.min_scales), column_scale);
    total = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum), scale, total);
    return _mm256_fnmadd_ps(_mm256_cvtepi32_ps(min_sum), min_scale, total);
  }
};

}  // namespace

void multiply_q4_k(const Tile& tile) {
  multiply<Q4K>(tile);
}

}  // namespace melete::engine::kernels::avx2
