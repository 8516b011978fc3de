#include "model/row_loops.h"

#include <c10/util/BFloat16.h>

#include <bit>
#include <cmath>
#include <limits>

namespace melete::train {

namespace {

constexpr int64_t kLanes = 16;  // sums that run side by side, so that loops become vectors

float read(float number) {
  return number;
}

float read(c10::BFloat16 number) {
  return std::bit_cast<float>(static_cast<uint32_t>(number.x) << 16);
}

void write(float number, float& out) {
  out = number;
}

// To the nearest, ties to even; NaN stays NaN.
void write(float number, c10::BFloat16& out) {
  const auto bits = std::bit_cast<uint32_t>(number);
  const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  out.x = static_cast<uint16_t>(number == number ? rounded : 0x7fc0);
}

// The sum of term(i) for i below `width`, in an order that does not depend on the compiler.
template <typename Term>
float sum_of(int64_t width, const Term& term) {
  float sums[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= width; i += kLanes) {
    for (int64_t lane = 0; lane < kLanes; ++lane) sums[lane] += term(i + lane);
  }
  for (; i < width; ++i) sums[i % kLanes] += term(i);
  float sum = 0;
  for (const float part : sums) sum += part;
  return sum;
}

// e^x for x of at most 0, to about 1e-7 relative; 0 below -87.
float exp_of(float x) {
  const float n = std::nearbyint(x * 1.44269504F);
  const float rest = (x - n * 0.693145752F) - n * 1.42860677e-6F;
  float sum = 1.0F / 720;
  sum = sum * rest + 1.0F / 120;
  sum = sum * rest + 1.0F / 24;
  sum = sum * rest + 1.0F / 6;
  sum = sum * rest + 0.5F;
  sum = sum * rest + 1;
  sum = sum * rest + 1;
  const auto exponent = static_cast<int32_t>(x > -87 ? n : 0);
  const float power = std::bit_cast<float>((exponent + 127) << 23);
  return x > -87 ? sum * power : (x == x ? 0 : x);
}

}  // namespace

template <typename Number>
float normalise_row(const Number* x, const float* weight, int64_t width, float epsilon, Number* y) {
  const float squares = sum_of(width, [&](int64_t i) { return read(x[i]) * read(x[i]); });
  const float scale = 1 / std::sqrt(squares / static_cast<float>(width) + epsilon);
  for (int64_t i = 0; i < width; ++i) write(read(x[i]) * scale * weight[i], y[i]);
  return scale;
}

template <typename Number>
void normalise_row_backward(const Number* x, const float* weight, const Number* of_y, float scale,
                            int64_t width, Number* of_x, float* of_weight) {
  const float along =
      sum_of(width, [&](int64_t i) { return read(of_y[i]) * weight[i] * read(x[i]); });
  const float back = along * scale * scale / static_cast<float>(width);
  for (int64_t i = 0; i < width; ++i) {
    const float number = read(x[i]);
    const float gradient = read(of_y[i]);
    write(scale * (gradient * weight[i] - number * back), of_x[i]);
    of_weight[i] += gradient * number * scale;
  }
}

template <typename Number>
void rotate_row(const Number* x, const float* cosines, const float* sines, float direction,
                int64_t half, Number* y) {
  for (int64_t i = 0; i < half; ++i) {
    const float first = read(x[i]);
    const float second = read(x[half + i]);
    const float sine = direction * sines[i];
    write(first * cosines[i] - second * sine, y[i]);
    write(second * cosines[i] + first * sine, y[half + i]);
  }
}

template <typename Number>
void share_row(const Number* scores, const Number* bias, float scale, int64_t width, float* scratch,
               Number* shares) {
  float largest = -std::numeric_limits<float>::infinity();
  for (int64_t i = 0; i < width; ++i) {
    scratch[i] = scale * read(scores[i]) + read(bias[i]);
    largest = scratch[i] > largest ? scratch[i] : largest;
  }
  for (int64_t i = 0; i < width; ++i) scratch[i] = exp_of(scratch[i] - largest);
  const float share = 1 / sum_of(width, [&](int64_t i) { return scratch[i]; });
  for (int64_t i = 0; i < width; ++i) write(scratch[i] * share, shares[i]);
}

template <typename Number>
void share_row_backward(const Number* shares, const Number* of_shares, float scale, int64_t width,
                        Number* of_scores) {
  const float along =
      sum_of(width, [&](int64_t i) { return read(shares[i]) * read(of_shares[i]); });
  for (int64_t i = 0; i < width; ++i) {
    write(scale * read(shares[i]) * (read(of_shares[i]) - along), of_scores[i]);
  }
}

template float normalise_row(const float*, const float*, int64_t, float, float*);
template float normalise_row(const c10::BFloat16*, const float*, int64_t, float, c10::BFloat16*);
template void normalise_row_backward(const float*, const float*, const float*, float, int64_t,
                                     float*, float*);
template void normalise_row_backward(const c10::BFloat16*, const float*, const c10::BFloat16*,
                                     float, int64_t, c10::BFloat16*, float*);
template void rotate_row(const float*, const float*, const float*, float, int64_t, float*);
template void rotate_row(const c10::BFloat16*, const float*, const float*, float, int64_t,
                         c10::BFloat16*);
template void share_row(const float*, const float*, float, int64_t, float*, float*);
template void share_row(const c10::BFloat16*, const c10::BFloat16*, float, int64_t, float*,
                        c10::BFloat16*);
template void share_row_backward(const float*, const float*, float, int64_t, float*);
template void share_row_backward(const c10::BFloat16*, const c10::BFloat16*, float, int64_t,
                                 c10::BFloat16*);

}  // namespace melete::train
