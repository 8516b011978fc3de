// The vectors of attention_math.h for AVX-512: 16 floats or eight doubles.

#pragma once

#include <immintrin.h>

#include <algorithm>

namespace melete::engine::kernels::vnni {

struct Vector512 {
  using Floats = __m512;
  using Doubles = __m512d;

  static constexpr int kLanes = 16;
  static constexpr int kTileQueries = 6;

  static Floats load(const float* values) { return _mm512_loadu_ps(values); }
  static void store(float* out, Floats values) { _mm512_storeu_ps(out, values); }
  static Floats all(float value) { return _mm512_set1_ps(value); }
  static Floats subtract(Floats a, Floats b) { return _mm512_sub_ps(a, b); }
  static Floats multiply(Floats a, Floats b) { return _mm512_mul_ps(a, b); }
  static Floats multiply_add(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }

  static Doubles load(const double* values) { return _mm512_loadu_pd(values); }
  static void store(double* out, Doubles values) { _mm512_storeu_pd(out, values); }
  static Doubles all_doubles(double value) { return _mm512_set1_pd(value); }
  static Doubles add(Doubles a, Doubles b) { return _mm512_add_pd(a, b); }
  static Doubles multiply(Doubles a, Doubles b) { return _mm512_mul_pd(a, b); }
  static Doubles multiply_add(Doubles a, Doubles b, Doubles c) { return _mm512_fmadd_pd(a, b, c); }
  static double sum_of_lanes(Doubles values) { return _mm512_reduce_add_pd(values); }

  // Floats as doubles: eight from memory, the first or the last eight of a vector.
  static Doubles load_doubles(const float* values) {
    return _mm512_cvtps_pd(_mm256_loadu_ps(values));
  }
  static Doubles low_doubles(Floats values) {
    return _mm512_cvtps_pd(_mm512_castps512_ps256(values));
  }
  static Doubles high_doubles(Floats values) {
    const __m256d high = _mm512_extractf64x4_pd(_mm512_castps_pd(values), 1);
    return _mm512_cvtps_pd(_mm256_castpd_ps(high));
  }

  // The larger; b where one of them is NaN.
  static Floats largest(Floats a, Floats b) { return _mm512_max_ps(a, b); }

  static Floats rounded(Floats values) {
    return _mm512_roundscale_ps(values, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  }
  // 2^n for whole n from -126 to 127.
  static Floats power_of_two(Floats n) {
    const __m512i exponent = _mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127));
    return _mm512_castsi512_ps(_mm512_slli_epi32(exponent, 23));
  }

  // The first `count` lanes of `values`, the others of `rest`.
  static Floats first(int count, Floats values, Floats rest) {
    const auto kept = static_cast<__mmask16>((1u << std::clamp(count, 0, kLanes)) - 1);
    return _mm512_mask_blend_ps(kept, rest, values);
  }

  static float largest_lane(Floats values) { return _mm512_reduce_max_ps(values); }
};

}  // namespace melete::engine::kernels::vnni
