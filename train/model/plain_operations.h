// Operations in libtorch's own passes: what runs on any device but the processor, which has loops
// of ours, and what those must agree with.

#pragma once

#include <torch/types.h>

namespace melete::train::plain {

// As rms_norm() of operations.h.
torch::Tensor rms_norm(const torch::Tensor& x, const torch::Tensor& weight, double epsilon);

// As rotate(); cosines and sines are (rows, length, head_width / 2).
torch::Tensor rotate(const torch::Tensor& x, const torch::Tensor& cosines,
                     const torch::Tensor& sines);

// softmax(scale * scores + bias) over the last dimension, in the type of the scores.
torch::Tensor shares(const torch::Tensor& scores, const torch::Tensor& bias, double scale);

}  // namespace melete::train::plain
