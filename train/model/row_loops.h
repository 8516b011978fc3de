// Loops over one row for which libtorch needs many passes: normalisation, rotation, and the shares
// of attention. Rows hold floats or bfloat16; between reading and writing all numbers are floats.
//
// Pure; any thread. Instantiated for float and c10::BFloat16.

#pragma once

#include <cstdint>

namespace melete::train {

// y = x / sqrt(mean(x^2) + epsilon) * weight. Returns what x was multiplied by before `weight`.
template <typename Number>
float normalise_row(const Number* x, const float* weight, int64_t width, float epsilon, Number* y);

// The gradient of x from that of y, and that of the weight added to `of_weight`; `scale` is what
// normalise_row() returned.
template <typename Number>
void normalise_row_backward(const Number* x, const float* weight, const Number* of_y, float scale,
                            int64_t width, Number* of_x, float* of_weight);

// Turns the pairs (i, i + half) by angles of these cosines and sines; `direction` -1 turns back.
template <typename Number>
void rotate_row(const Number* x, const float* cosines, const float* sines, float direction,
                int64_t half, Number* y);

// shares = softmax(scale * scores + bias). A row whose biases are all -infinity is NaN. `scratch`
// has room for `width` numbers, which are of no use afterwards.
template <typename Number>
void share_row(const Number* scores, const Number* bias, float scale, int64_t width, float* scratch,
               Number* shares);

// The gradient of the scores from that of the shares.
template <typename Number>
void share_row_backward(const Number* shares, const Number* of_shares, float scale, int64_t width,
                        Number* of_scores);

}  // namespace melete::train
