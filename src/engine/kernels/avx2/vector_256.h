// The vectors of attention_math.h for AVX2: eight floats or four doubles.

#pragma once

#include <immintrin.h>

namespace melete::engine::kernels::avx2 {

struct Vector256 {
  using Floats = __m256;
  using Doubles = __m256d;

  static constexpr int kLanes = 8;
  static constexpr int kTileQueries = 2;

  static Floats load(const float* values) { return _mm256_loadu_ps(values); }
  static void store(float* out, Floats values) { _mm256_storeu_ps(out, values); }
  static Floats all(float value) { return _mm256_set1_ps(value); }
  static Floats subtract(Floats a, Floats b) { return _mm256_sub_ps(a, b); }
  static Floats multiply(Floats a, Floats b) { return _mm256_mul_ps(a, b); }
  static Floats multiply_add(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }

  static Doubles load(const double* values) { return _mm256_loadu_pd(values); }
  static void store(double* out, Doubles values) { _mm256_storeu_pd(out, values); }
  static Doubles all_doubles(double value) { return _mm256_set1_pd(value); }
  static Doubles add(Doubles a, Doubles b) { return _mm256_add_pd(a, b); }
  static Doubles multiply(Doubles a, Doubles b) { return _mm256_mul_pd(a, b); }
  static Doubles multiply_add(Doubles a, Doubles b, Doubles c) { return _mm256_fmadd_pd(a, b, c); }
  static double sum_of_lanes(Doubles values) {
    const __m128d two =
        _mm_add_pd(_mm256_castpd256_pd128(values), _mm256_extractf128_pd(values, 1));
    return _mm_cvtsd_f64(_mm_add_sd(two, _mm_unpackhi_pd(two, two)));
  }

  // Floats as doubles: four from memory, the first or the last four of a vector.
  static Doubles load_doubles(const float* values) { return _mm256_cvtps_pd(_mm_loadu_ps(values)); }
  static Doubles low_doubles(Floats values) {
    return _mm256_cvtps_pd(_mm256_castps256_ps128(values));
  }
  static Doubles high_doubles(Floats values) {
    return _mm256_cvtps_pd(_mm256_extractf128_ps(values, 1));
  }

  // The larger; b where one of them is NaN.
  static Floats largest(Floats a, Floats b) { return _mm256_max_ps(a, b); }

  static Floats rounded(Floats values) {
    return _mm256_round_ps(values, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  }
  // 2^n for whole n from -126 to 127.
  static Floats power_of_two(Floats n) {
    const __m256i exponent = _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
    return _mm256_castsi256_ps(_mm256_slli_epi32(exponent, 23));
  }

  // The first `count` lanes of `values`, the others of `rest`.
  static Floats first(int count, Floats values, Floats rest) {
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i kept = _mm256_cmpgt_epi32(_mm256_set1_epi32(count), lanes);
    return _mm256_blendv_ps(rest, values, _mm256_castsi256_ps(kept));
  }

  static float largest_lane(Floats values) {
    __m128 four = _mm_max_ps(_mm256_castps256_ps128(values), _mm256_extractf128_ps(values, 1));
    four = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(four, _mm_movehdup_ps(four)));
  }
};

}  // namespace melete::engine::kernels::avx2
