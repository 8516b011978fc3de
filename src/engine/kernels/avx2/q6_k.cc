// Q6_K: a pair of products stays below 63 * 127 * 2 = 16,002. Together with the offset (-32 times
// the activations) the sum over a sub-block of 16 is within 32 * 127 * 8 = 32,512, so it may wrap
// on its way and is right in 16 bits at the end.

#include "engine/kernels/q6_k.h"

#include "engine/kernels/avx2/kernels.h"
#include "engine/kernels/avx2/product.h"

namespace melete::engine::kernels::avx2 {
namespace {

struct Q6K {
  using Block = PackedQ6K<8>;
  using Column = Activations256;
  static constexpr int kPieces = 8;

  struct Piece {
    __m256i quads[8];
    __m256i scales[2];  // of both sub-blocks, in both halves of a row's lane
  };

  static __m256i scales_of(const int8_t* sub_scales) {
    const __m256i scales =
        _mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(sub_scales)));
    return _mm256_blend_epi16(scales, _mm256_slli_epi32(scales, 16), 0b10101010);
  }

  static Piece unpack(const Block& block, int s) {
    const __m256i nibble = _mm256_set1_epi8(15);
    const __m256i upper = _mm256_set1_epi8(0x30);
    Piece piece;
    for (int half = 0; half < 2; half++) {
      const __m256i high = load(block.high_bits[s][half]);
      const __m256i high_bits[4] = {
          _mm256_and_si256(_mm256_slli_epi16(high, 4), upper),
          _mm256_and_si256(_mm256_slli_epi16(high, 2), upper),
          _mm256_and_si256(high, upper),
          bits_of<2>(high, upper),
      };
      for (int quad = 0; quad < 4; quad++) {
        const __m256i low = load(block.low_bits[s][quad]);
        const __m256i low_bits =
            half == 0 ? _mm256_and_si256(low, nibble) : bits_of<4>(low, nibble);
        piece.quads[4 * half + quad] = _mm256_or_si256(low_bits, high_bits[quad]);
      }
      piece.scales[half] = scales_of(block.sub_scales[2 * s + half]);
    }
    for (int line = 0; line < 3; line++) {
      prefetch(reinterpret_cast<const char*>(block.low_bits[s]) + 3 * sizeof(Block) + 64 * line);
    }
    return piece;
  }

  static __m256i dot(const Piece& piece, const Column& column, int s) {
    __m256i sums[2];
    for (int half = 0; half < 2; half++) {
      const int8_t* values = &column.quants[32 * s + 16 * half];
      __m256i sum = broadcast_quad(&column.offsets[2 * s + half]);
      for (int quad = 0; quad < 4; quad++) {
        const __m256i product =
            _mm256_maddubs_epi16(piece.quads[4 * half + quad], broadcast_quad(values + 4 * quad));
        sum = _mm256_add_epi16(sum, product);
      }
      sums[half] = _mm256_madd_epi16(sum, piece.scales[half]);
    }
    return _mm256_add_epi32(sums[0], sums[1]);
  }

  static __m256 finish(const Block& block, const Column& column, __m256i sum, __m256 total) {
    const __m256 scale = _mm256_mul_ps(load_f16(block.scales), _mm256_set1_ps(column.scale));
    return _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum), scale, total);
  }
};

}  // namespace

void multiply_q6_k(const Tile& tile) {
  multiply<Q6K>(tile);
}

}  // namespace melete::engine::kernels::avx2
