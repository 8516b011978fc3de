// The words of word_products.h for AVX-512 with VNNI: 16 rows in a register.

#pragma once

#include <immintrin.h>

#include <cstdint>
#include <cstring>

namespace melete::engine::kernels::vnni {

struct Words512 {
  using Integers = __m512i;
  using Floats = __m512;

  static constexpr int kRows = 16;
  static constexpr int kTileColumns = 8;

  static Integers load(const void* bytes) { return _mm512_loadu_si512(bytes); }
  static void store(float* out, Floats values) { _mm512_storeu_ps(out, values); }
  static Integers broadcast(int value) { return _mm512_set1_epi32(value); }
  static Floats broadcast(float value) { return _mm512_set1_ps(value); }

  // Four bytes in every lane.
  static Integers quad(const void* bytes) {
    int32_t four;
    std::memcpy(&four, bytes, sizeof(four));
    return _mm512_set1_epi32(four);
  }

  template <int shift, int mask>
  static Integers bits(Integers bytes) {
    return _mm512_and_si512(_mm512_srli_epi16(bytes, shift), _mm512_set1_epi8(mask));
  }
  static Integers either(Integers a, Integers b) { return _mm512_or_si512(a, b); }
  static Integers flip_signs(Integers bytes) {
    return _mm512_xor_si512(bytes, _mm512_set1_epi8(-128));
  }

  // sum + the four products of each lane's bytes, at most 127, with the column's.
  static Integers dot(Integers sum, Integers weights, const int8_t* column) {
    return _mm512_dpbusd_epi32(sum, weights, quad(column));
  }
  // The same of weights above 127.
  static Integers dot_bytes(Integers sum, Integers weights, const int8_t* column) {
    return dot(sum, weights, column);
  }
  // The same of two int16.
  static Integers dot_pairs(Integers sum, Integers pairs, const int16_t* column) {
    return _mm512_dpwssd_epi32(sum, pairs, quad(column));
  }

  static Floats floats(Integers values) { return _mm512_cvtepi32_ps(values); }
  static Floats multiply(Floats a, Floats b) { return _mm512_mul_ps(a, b); }
  static Floats subtract(Floats a, Floats b) { return _mm512_sub_ps(a, b); }
  static Floats multiply_add(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }

  static Floats f16(const uint16_t* values) { return _mm512_cvtph_ps(load_32(values)); }
  static Floats unsigned_bytes(const uint8_t* values) {
    return floats(_mm512_cvtepu8_epi32(load_16(values)));
  }
  static Floats signed_bytes(const int8_t* values) {
    return floats(_mm512_cvtepi8_epi32(load_16(values)));
  }
  // Pairs of bytes as pairs of int16.
  static Integers byte_pairs(const uint8_t* pairs) { return _mm512_cvtepu8_epi16(load_32(pairs)); }

 private:
  static __m128i load_16(const void* bytes) {
    return _mm_loadu_si128(static_cast<const __m128i*>(bytes));
  }
  static __m256i load_32(const void* bytes) {
    return _mm256_loadu_si256(static_cast<const __m256i*>(bytes));
  }
};

}  // namespace melete::engine::kernels::vnni
