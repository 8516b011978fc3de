// What a transformer computes besides its matrix products.
//
// Activations have one type throughout, bfloat16 or float; weights are float and are cast at their
// use, so that the gradient arrives in float. On the processor what passes over rows is loops of
// ours; elsewhere it is libtorch's own passes.

#pragma once

#include <torch/types.h>

namespace melete::train {

// x / sqrt(mean(x^2) + epsilon) * weight over the last dimension.
torch::Tensor rms_norm(const torch::Tensor& x, const torch::Tensor& weight, double epsilon);

// x times the transpose of `weight` (outputs, inputs).
torch::Tensor project(const torch::Tensor& x, const torch::Tensor& weight);

// x times the share of the normal distribution below it.
torch::Tensor gelu(const torch::Tensor& x);

// silu(gate) * up.
torch::Tensor swiglu(const torch::Tensor& gate, const torch::Tensor& up);

// Cosines and sines of a position's angles, each (..., head_width / 2).
struct Angles {
  torch::Tensor cosines;
  torch::Tensor sines;
};

// `positions` of any shape; the angle of pair i is position * base^(-2i / head_width).
Angles angles_of(const torch::Tensor& positions, int64_t head_width, double base);

// Rotates the pairs (i, i + head_width / 2) of x (rows, length, heads, head_width) by the angles of
// (rows, length).
torch::Tensor rotate(const torch::Tensor& x, const Angles& angles);

// x (rows, length, heads, head_width) with the numbers of each head so ordered that the pairs
// (2 i, 2 i + 1) become (i, i + head_width / 2).
torch::Tensor neighbours_as_halves(const torch::Tensor& x);

// Softmax attention. Queries are (rows, length, heads, head_width), keys and values (rows, seen,
// key_heads, head_width); each key head serves heads / key_heads neighbouring heads. `bias` (rows,
// 1, length, seen) is added to the scores. Returns (rows, length, heads * head_width).
torch::Tensor attend(const torch::Tensor& queries, const torch::Tensor& keys,
                     const torch::Tensor& values, const torch::Tensor& bias);

}  // namespace melete::train
