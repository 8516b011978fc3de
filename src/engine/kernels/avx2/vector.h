// Small words for 256-bit vectors: eight rows in eight 32-bit lanes.

#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace melete::engine::kernels::avx2 {

inline __m256i load(const void* bytes) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(bytes));
}

// Four bytes (four int8 or two int16) in every lane.
inline __m256i broadcast_quad(const void* bytes) {
  int32_t quad;
  std::memcpy(&quad, bytes, sizeof(quad));
  return _mm256_set1_epi32(quad);
}

inline __m256 load_f16(const uint16_t* values) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(values)));
}

// Bits `shift` and up of every byte, of which `mask` is kept.
template <int shift>
inline __m256i bits_of(__m256i bytes, __m256i mask) {
  return _mm256_and_si256(_mm256_srli_epi16(bytes, shift), mask);
}

// Fetches the line `bytes` ahead of what is being read: the hardware stops at page ends, a packed
// matrix does not.
inline void prefetch(const void* address) {
  _mm_prefetch(static_cast<const char*>(address), _MM_HINT_T0);
}

}  // namespace melete::engine::kernels::avx2
