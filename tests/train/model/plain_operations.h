// The operations as their definitions say them, in many passes: what the tuned ones must agree
// with.

#pragma once

#include <torch/types.h>

#include <cmath>

namespace melete::train::plain {

inline torch::Tensor rms_norm(const torch::Tensor& x, const torch::Tensor& weight, double epsilon) {
  const torch::Tensor wide = x.to(torch::kFloat);
  const torch::Tensor scale = torch::rsqrt(wide.square().mean(-1, true) + epsilon);
  return (wide * scale * weight).to(x.scalar_type());
}

inline torch::Tensor rotate(const torch::Tensor& x, const torch::Tensor& cosines,
                            const torch::Tensor& sines) {
  const torch::Tensor wide = x.to(torch::kFloat);
  const int64_t half = x.size(-1) / 2;
  const torch::Tensor first = wide.slice(-1, 0, half);
  const torch::Tensor second = wide.slice(-1, half);
  const torch::Tensor c = cosines.unsqueeze(-2);
  const torch::Tensor s = sines.unsqueeze(-2);
  return torch::cat({first * c - second * s, second * c + first * s}, -1).to(x.scalar_type());
}

// Each query head with its own copy of the keys and values that it shares.
inline torch::Tensor attend(const torch::Tensor& queries, const torch::Tensor& keys,
                            const torch::Tensor& values, const torch::Tensor& bias) {
  const int64_t group = queries.size(2) / keys.size(2);
  const auto by_head = [](const torch::Tensor& x) {
    return x.to(torch::kFloat).permute({0, 2, 1, 3});
  };
  const torch::Tensor k = by_head(keys.repeat_interleave(group, 2));
  const torch::Tensor v = by_head(values.repeat_interleave(group, 2));
  const torch::Tensor scores = torch::matmul(by_head(queries), k.transpose(2, 3));
  const double scale = 1 / std::sqrt(static_cast<double>(queries.size(3)));
  const torch::Tensor shares = torch::softmax(scores * scale + bias.to(torch::kFloat), -1);
  return torch::matmul(shares, v).permute({0, 2, 1, 3}).flatten(2).to(queries.scalar_type());
}

}  // namespace melete::train::plain
