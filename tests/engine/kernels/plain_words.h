// The words of word_products.h in plain loops, so that those products are tested on machines
// without the instructions.

#pragma once

#include <array>
#include <cstdint>
#include <cstring>

#include "ggml.h"

namespace melete::engine::kernels::testing {

template <int kLanes, int kColumns>
struct PlainWords {
  using Integers = std::array<int32_t, kLanes>;
  using Floats = std::array<float, kLanes>;

  static constexpr int kRows = kLanes;
  static constexpr int kTileColumns = kColumns;

  static Integers load(const void* bytes) {
    Integers values;
    std::memcpy(&values, bytes, sizeof(values));
    return values;
  }
  static void store(float* out, Floats values) { std::memcpy(out, &values, sizeof(values)); }
  static Integers broadcast(int value) {
    Integers values;
    values.fill(value);
    return values;
  }
  static Floats broadcast(float value) {
    Floats values;
    values.fill(value);
    return values;
  }

  template <int shift, int mask>
  static Integers bits(Integers bytes) {
    for (int32_t& lane : bytes) {
      lane = static_cast<int32_t>(static_cast<uint32_t>(lane) >> shift & 0x01010101u * mask);
    }
    return bytes;
  }
  static Integers either(Integers a, const Integers& b) {
    for (int i = 0; i < kLanes; i++) a[i] |= b[i];
    return a;
  }
  static Integers flip_signs(Integers bytes) {
    for (int32_t& lane : bytes) lane ^= static_cast<int32_t>(0x80808080u);
    return bytes;
  }

  static Integers dot(Integers sum, const Integers& weights, const int8_t* column) {
    for (int i = 0; i < kLanes; i++) {
      for (int k = 0; k < 4; k++) {
        sum[i] += static_cast<int>(static_cast<uint32_t>(weights[i]) >> (8 * k) & 255) * column[k];
      }
    }
    return sum;
  }
  static Integers dot_bytes(const Integers& sum, const Integers& weights, const int8_t* column) {
    return dot(sum, weights, column);
  }
  static Integers dot_pairs(Integers sum, const Integers& pairs, const int16_t* column) {
    for (int i = 0; i < kLanes; i++) {
      sum[i] += static_cast<int16_t>(pairs[i] & 0xffff) * column[0] + (pairs[i] >> 16) * column[1];
    }
    return sum;
  }

  static Floats floats(const Integers& values) { return from(values.data()); }
  static Floats multiply(Floats a, const Floats& b) {
    for (int i = 0; i < kLanes; i++) a[i] *= b[i];
    return a;
  }
  static Floats subtract(Floats a, const Floats& b) {
    for (int i = 0; i < kLanes; i++) a[i] -= b[i];
    return a;
  }
  static Floats multiply_add(const Floats& a, const Floats& b, Floats c) {
    for (int i = 0; i < kLanes; i++) c[i] += a[i] * b[i];
    return c;
  }

  static Floats f16(const uint16_t* values) {
    Floats out;
    for (int i = 0; i < kLanes; i++) out[i] = ggml_fp16_to_fp32(values[i]);
    return out;
  }
  static Floats unsigned_bytes(const uint8_t* values) { return from(values); }
  static Floats signed_bytes(const int8_t* values) { return from(values); }
  static Integers byte_pairs(const uint8_t* pairs) {
    Integers out;
    for (int i = 0; i < kLanes; i++) out[i] = pairs[2 * i] | pairs[2 * i + 1] << 16;
    return out;
  }

 private:
  template <typename Number>
  static Floats from(const Number* values) {
    Floats out;
    for (int i = 0; i < kLanes; i++) out[i] = static_cast<float>(values[i]);
    return out;
  }
};

}  // namespace melete::engine::kernels::testing
