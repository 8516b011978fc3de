// Small words for 256-bit vectors: eight rows in eight 32-bit lanes.

#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "engine/kernels/format.h"

namespace melete::engine::kernels::avx2 {

inline __m256i load(const void* bytes) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(bytes));
}

inline __m128i load_16(const void* bytes) {
  return _mm_loadu_si128(static_cast<const __m128i*>(bytes));
}

inline __m128i load_8(const void* bytes) {
  return _mm_loadl_epi64(static_cast<const __m128i*>(bytes));
}

inline __m256 load_f16(const uint16_t* values) {
  return _mm256_cvtph_ps(load_16(values));
}

// Four bytes (four int8 or two int16) in every lane.
inline __m256i broadcast_quad(const void* bytes) {
  int32_t quad;
  std::memcpy(&quad, bytes, sizeof(quad));
  return _mm256_set1_epi32(quad);
}

// Small numbers in 32-bit lanes, as two int16 in each lane.
inline __m256i doubled(__m256i numbers) {
  return _mm256_blend_epi16(numbers, _mm256_slli_epi32(numbers, 16), 0b10101010);
}

// Bits `shift` and up of every byte, of which `mask` is kept.
template <int shift>
inline __m256i bits_of(__m256i bytes, __m256i mask) {
  return _mm256_and_si256(_mm256_srli_epi16(bytes, shift), mask);
}

// Asks for the line that lies kReadAhead after `address`.
inline void prefetch(const void* address) {
  _mm_prefetch(static_cast<const char*>(address) + kReadAhead, _MM_HINT_T0);
}

}  // namespace melete::engine::kernels::avx2
