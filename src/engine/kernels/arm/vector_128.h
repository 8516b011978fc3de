// The vectors of attention_math.h for Arm: four floats or two doubles.

#pragma once

#include <arm_neon.h>

namespace melete::engine::kernels::arm {

struct Vector128 {
  using Floats = float32x4_t;
  using Doubles = float64x2_t;

  static constexpr int kLanes = 4;
  static constexpr int kTileQueries = 2;

  static Floats load(const float* values) { return vld1q_f32(values); }
  static void store(float* out, Floats values) { vst1q_f32(out, values); }
  static Floats all(float value) { return vdupq_n_f32(value); }
  static Floats subtract(Floats a, Floats b) { return vsubq_f32(a, b); }
  static Floats multiply(Floats a, Floats b) { return vmulq_f32(a, b); }
  static Floats multiply_add(Floats a, Floats b, Floats c) { return vfmaq_f32(c, a, b); }

  static Doubles load(const double* values) { return vld1q_f64(values); }
  static void store(double* out, Doubles values) { vst1q_f64(out, values); }
  static Doubles all_doubles(double value) { return vdupq_n_f64(value); }
  static Doubles add(Doubles a, Doubles b) { return vaddq_f64(a, b); }
  static Doubles multiply(Doubles a, Doubles b) { return vmulq_f64(a, b); }
  static Doubles multiply_add(Doubles a, Doubles b, Doubles c) { return vfmaq_f64(c, a, b); }
  static double sum_of_lanes(Doubles values) { return vaddvq_f64(values); }

  // Floats as doubles: two from memory, the first or the last two of a vector.
  static Doubles load_doubles(const float* values) { return vcvt_f64_f32(vld1_f32(values)); }
  static Doubles low_doubles(Floats values) { return vcvt_f64_f32(vget_low_f32(values)); }
  static Doubles high_doubles(Floats values) { return vcvt_high_f64_f32(values); }

  // The larger; b where one of them is NaN.
  static Floats largest(Floats a, Floats b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }

  static Floats rounded(Floats values) { return vrndnq_f32(values); }
  // 2^n for whole n from -126 to 127.
  static Floats power_of_two(Floats n) {
    const int32x4_t exponent = vaddq_s32(vcvtnq_s32_f32(n), vdupq_n_s32(127));
    return vreinterpretq_f32_s32(vshlq_n_s32(exponent, 23));
  }

  // The first `count` lanes of `values`, the others of `rest`.
  static Floats first(int count, Floats values, Floats rest) {
    static constexpr int32_t kNumbers[] = {0, 1, 2, 3};
    return vbslq_f32(vcgtq_s32(vdupq_n_s32(count), vld1q_s32(kNumbers)), values, rest);
  }

  static float largest_lane(Floats values) { return vmaxvq_f32(values); }
};

}  // namespace melete::engine::kernels::arm
