#include "engine/kernels/activations.h"

#include <bit>
#include <limits>

#include "engine/kernels/avx2/kernels.h"
#include "engine/kernels/avx2/vector.h"

namespace melete::engine::kernels::avx2 {
namespace {

constexpr int32_t kInfinityBits = 0x7f800000;

int32_t largest_lane(__m256i lanes) {
  __m128i four = _mm_max_epi32(_mm256_castsi256_si128(lanes), _mm256_extracti128_si256(lanes, 1));
  four = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0b01001110));
  four = _mm_max_epi32(four, _mm_shuffle_epi32(four, 0b10110001));
  return _mm_cvtsi128_si32(four);
}

// The scale of a block: its largest magnitude / 127, or NaN where a value is not finite. Magnitudes
// compare like their bits, among which infinity and NaN are the largest.
float scale_of(const float* values, int count) {
  const __m256i magnitude = _mm256_set1_epi32(0x7fffffff);
  __m256i largest = _mm256_setzero_si256();
  for (int k = 0; k < count; k += 8) {
    largest = _mm256_max_epi32(largest, _mm256_and_si256(load(values + k), magnitude));
  }
  const int32_t bits = largest_lane(largest);
  if (bits >= kInfinityBits) return std::numeric_limits<float>::quiet_NaN();
  const float scale = std::bit_cast<float>(bits) / 127;
  return scale < kSmallestScale ? 0 : scale;
}

// 32 values as bytes.
__m256i quantize(const float* values, __m256 inverse) {
  __m256i wide[4];
  for (int i = 0; i < 4; i++) {
    wide[i] = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(values + 8 * i), inverse));
  }
  const __m256i low = _mm256_packs_epi32(wide[0], wide[1]);
  const __m256i high = _mm256_packs_epi32(wide[2], wide[3]);
  const __m256i order = _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7);
  return _mm256_permutevar8x32_epi32(_mm256_packs_epi16(low, high), order);
}

// Sums of the pairs of 32 bytes, added within each 16: two int16 in the low lane of each half.
__m256i lane_sums(__m256i quants) {
  __m256i sums = _mm256_maddubs_epi16(_mm256_set1_epi8(1), quants);
  sums = _mm256_add_epi16(sums, _mm256_shuffle_epi32(sums, 0b01001110));
  return _mm256_add_epi16(sums, _mm256_shuffle_epi32(sums, 0b10110001));
}

float inverse_of(float scale) {
  return scale > 0 ? 1 / scale : 0;
}

}  // namespace

void quantize_256(const float* values, std::byte* block) {
  auto& out = *reinterpret_cast<Activations256*>(block);
  out.scale = scale_of(values, 256);
  if (out.scale != out.scale) {
    out.quants.fill(0);
    out.offsets.fill({0, 0});
    out.sums.fill(0);
    return;
  }
  const __m256 inverse = _mm256_set1_ps(inverse_of(out.scale));
  for (int s = 0; s < 8; s++) {
    const __m256i quants = quantize(values + 32 * s, inverse);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(&out.quants[32 * s]), quants);
    const __m256i sums = lane_sums(quants);
    const __m256i offsets = _mm256_mullo_epi16(sums, _mm256_set1_epi16(-32));
    const int32_t first = _mm256_extract_epi32(offsets, 0);
    const int32_t second = _mm256_extract_epi32(offsets, 4);
    std::memcpy(&out.offsets[2 * s], &first, sizeof(first));
    std::memcpy(&out.offsets[2 * s + 1], &second, sizeof(second));
    const __m256i added = _mm256_madd_epi16(sums, _mm256_set1_epi16(1));
    out.sums[s] =
        static_cast<int16_t>(_mm256_extract_epi32(added, 0) + _mm256_extract_epi32(added, 4));
  }
}

void quantize_32(const float* values, std::byte* block) {
  auto& out = *reinterpret_cast<Activations32*>(block);
  out.scale = scale_of(values, 32);
  if (out.scale != out.scale) {
    out = {.quants = {}, .offsets = {}, .scale = out.scale, .sum = out.scale};
    return;
  }
  const __m256i quants = quantize(values, _mm256_set1_ps(inverse_of(out.scale)));
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(out.quants.data()), quants);
  __m256i sums = lane_sums(quants);
  sums = _mm256_add_epi16(sums, _mm256_permute2x128_si256(sums, sums, 1));
  const int32_t offsets = _mm256_extract_epi32(_mm256_mullo_epi16(sums, _mm256_set1_epi16(-8)), 0);
  std::memcpy(&out.offsets, &offsets, sizeof(offsets));
  const __m256i added = _mm256_madd_epi16(sums, _mm256_set1_epi16(1));
  out.sum = out.scale * static_cast<float>(_mm256_extract_epi32(added, 0));
}

}  // namespace melete::engine::kernels::avx2
