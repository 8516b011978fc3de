// The vectors of attention_math.h for AVX2: eight floats.

#pragma once

#include <immintrin.h>

namespace melete::engine::kernels::avx2 {

struct Vector256 {
  using Floats = __m256;

  static constexpr int kLanes = 8;
  static constexpr int kTileQueries = 2;

  static Floats load(const float* values) { return _mm256_loadu_ps(values); }
  static void store(float* out, Floats values) { _mm256_storeu_ps(out, values); }
  static Floats all(float value) { return _mm256_set1_ps(value); }
  static Floats add(Floats a, Floats b) { return _mm256_add_ps(a, b); }
  static Floats subtract(Floats a, Floats b) { return _mm256_sub_ps(a, b); }
  static Floats multiply(Floats a, Floats b) { return _mm256_mul_ps(a, b); }
  static Floats multiply_add(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }

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
  static float sum_of_lanes(Floats values) {
    __m128 four = _mm_add_ps(_mm256_castps256_ps128(values), _mm256_extractf128_ps(values, 1));
    four = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(four, _mm_movehdup_ps(four)));
  }
};

}  // namespace melete::engine::kernels::avx2
