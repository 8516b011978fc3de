// The words of word_products.h for AVX2 with AVX-VNNI: eight rows in a register.

#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace melete::engine::kernels::vnni {

struct Words256 {
  using Integers = __m256i;
  using Floats = __m256;

  static constexpr int kRows = 8;
  static constexpr int kTileColumns = 6;

  static Integers load(const void* bytes) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(bytes));
  }
  static void store(float* out, Floats values) { _mm256_storeu_ps(out, values); }
  static Integers broadcast(int value) { return _mm256_set1_epi32(value); }
  static Floats broadcast(float value) { return _mm256_set1_ps(value); }

  // Four bytes in every lane.
  static Integers quad(const void* bytes) {
    int32_t four;
    std::memcpy(&four, bytes, sizeof(four));
    return _mm256_set1_epi32(four);
  }

  template <int shift, int mask>
  static Integers bits(Integers bytes) {
    return _mm256_and_si256(_mm256_srli_epi16(bytes, shift), _mm256_set1_epi8(mask));
  }
  static Integers either(Integers a, Integers b) { return _mm256_or_si256(a, b); }
  static Integers flip_signs(Integers bytes) {
    return _mm256_xor_si256(bytes, _mm256_set1_epi8(-128));
  }

  // sum + the four products of each lane's bytes, at most 127, with the column's.
  static Integers dot(Integers sum, Integers weights, const int8_t* column) {
    return _mm256_dpbusd_avx_epi32(sum, weights, quad(column));
  }
  // The same of weights above 127.
  static Integers dot_bytes(Integers sum, Integers weights, const int8_t* column) {
    return dot(sum, weights, column);
  }
  // The same of two int16.
  static Integers dot_pairs(Integers sum, Integers pairs, const int16_t* column) {
    return _mm256_dpwssd_avx_epi32(sum, pairs, quad(column));
  }

  static Floats floats(Integers values) { return _mm256_cvtepi32_ps(values); }
  static Floats multiply(Floats a, Floats b) { return _mm256_mul_ps(a, b); }
  static Floats subtract(Floats a, Floats b) { return _mm256_sub_ps(a, b); }
  static Floats multiply_add(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }

  static Floats f16(const uint16_t* values) { return _mm256_cvtph_ps(load_16(values)); }
  static Floats unsigned_bytes(const uint8_t* values) {
    return floats(_mm256_cvtepu8_epi32(load_8(values)));
  }
  static Floats signed_bytes(const int8_t* values) {
    return floats(_mm256_cvtepi8_epi32(load_8(values)));
  }
  // Pairs of bytes as pairs of int16.
  static Integers byte_pairs(const uint8_t* pairs) { return _mm256_cvtepu8_epi16(load_16(pairs)); }

 private:
  static __m128i load_16(const void* bytes) {
    return _mm_loadu_si128(static_cast<const __m128i*>(bytes));
  }
  static __m128i load_8(const void* bytes) {
    return _mm_loadl_epi64(static_cast<const __m128i*>(bytes));
  }
};

}  // namespace melete::engine::kernels::vnni
