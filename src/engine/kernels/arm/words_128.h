// The words of word_products.h for Arm: four rows in a register. Processors with i8mm multiply
// unsigned by signed bytes; those with the older dot product only signed ones.

#pragma once

#include <arm_neon.h>

#include <cstdint>
#include <cstring>

namespace melete::engine::kernels::arm {

// What both have in common. Integers hold four int32, or the bytes or int16 of four lanes.
struct Words128 {
  using Integers = int32x4_t;
  using Floats = float32x4_t;

  static constexpr int kRows = 4;
  static constexpr int kTileColumns = 6;

  static Integers load(const void* bytes) { return vld1q_s32(static_cast<const int32_t*>(bytes)); }
  static void store(float* out, Floats values) { vst1q_f32(out, values); }
  static Integers broadcast(int value) { return vdupq_n_s32(value); }
  static Floats broadcast(float value) { return vdupq_n_f32(value); }

  // Four bytes in every lane.
  static Integers quad(const void* bytes) {
    int32_t four;
    std::memcpy(&four, bytes, sizeof(four));
    return vdupq_n_s32(four);
  }

  template <int shift, int mask>
  static Integers bits(Integers integers) {
    uint8x16_t bytes = vreinterpretq_u8_s32(integers);
    if constexpr (shift > 0) bytes = vshrq_n_u8(bytes, shift);
    if constexpr (shift == 0 || mask != (255 >> shift)) bytes = vandq_u8(bytes, vdupq_n_u8(mask));
    return vreinterpretq_s32_u8(bytes);
  }
  static Integers either(Integers a, Integers b) { return vorrq_s32(a, b); }
  static Integers flip_signs(Integers bytes) {
    return veorq_s32(bytes, vreinterpretq_s32_u8(vdupq_n_u8(0x80)));
  }

  // sum + the two products of each lane's int16 with the column's.
  static Integers dot_pairs(Integers sum, Integers pairs, const int16_t* column) {
    const int16x8_t left = vreinterpretq_s16_s32(pairs);
    const int16x8_t right = vreinterpretq_s16_s32(quad(column));
    const int32x4_t low = vmull_s16(vget_low_s16(left), vget_low_s16(right));
    const int32x4_t high = vmull_high_s16(left, right);
    return vaddq_s32(sum, vpaddq_s32(low, high));
  }

  static Floats floats(Integers values) { return vcvtq_f32_s32(values); }
  static Floats multiply(Floats a, Floats b) { return vmulq_f32(a, b); }
  static Floats subtract(Floats a, Floats b) { return vsubq_f32(a, b); }
  static Floats multiply_add(Floats a, Floats b, Floats c) { return vfmaq_f32(c, a, b); }

  static Floats f16(const uint16_t* values) {
    return vcvt_f32_f16(vreinterpret_f16_u16(vld1_u16(values)));
  }
  static Floats unsigned_bytes(const uint8_t* values) {
    return vcvtq_f32_u32(vmovl_u16(vget_low_u16(vmovl_u8(four_bytes(values)))));
  }
  static Floats signed_bytes(const int8_t* values) {
    const int8x8_t bytes = vreinterpret_s8_u8(four_bytes(values));
    return vcvtq_f32_s32(vmovl_s16(vget_low_s16(vmovl_s8(bytes))));
  }
  // Pairs of bytes as pairs of int16.
  static Integers byte_pairs(const uint8_t* pairs) {
    return vreinterpretq_s32_u16(vmovl_u8(vld1_u8(pairs)));
  }

 private:
  static uint8x8_t four_bytes(const void* bytes) {
    uint32_t four;
    std::memcpy(&four, bytes, sizeof(four));
    return vreinterpret_u8_u32(vdup_n_u32(four));
  }
};

#ifdef __ARM_FEATURE_MATMUL_INT8
struct WordsI8mm : Words128 {
  // sum + the four products of each lane's bytes with the column's.
  static Integers dot(Integers sum, Integers weights, const int8_t* column) {
    return vusdotq_s32(sum, vreinterpretq_u8_s32(weights), vreinterpretq_s8_s32(quad(column)));
  }
  static Integers dot_bytes(Integers sum, Integers weights, const int8_t* column) {
    return dot(sum, weights, column);
  }
};
#endif

struct WordsDotprod : Words128 {
  // sum + the four products of each lane's bytes, at most 127, with the column's.
  static Integers dot(Integers sum, Integers weights, const int8_t* column) {
    return vdotq_s32(sum, vreinterpretq_s8_s32(weights), vreinterpretq_s8_s32(quad(column)));
  }
  // The same of weights above 127: 128 less of each, and 128 times the column's bytes.
  static Integers dot_bytes(Integers sum, Integers weights, const int8_t* column) {
    const int8x16_t half = vdupq_n_s8(64);
    const int8x16_t values = vreinterpretq_s8_s32(quad(column));
    return vdotq_s32(vdotq_s32(dot(sum, flip_signs(weights), column), half, values), half, values);
  }
};

}  // namespace melete::engine::kernels::arm
