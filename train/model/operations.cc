#include "model/operations.h"

#include <cmath>

namespace melete::train {

torch::Tensor rms_norm(const torch::Tensor& x, const torch::Tensor& weight, double epsilon) {
  const torch::Tensor wide = x.to(torch::kFloat);
  const torch::Tensor scale = torch::rsqrt(wide.square().mean(-1, true) + epsilon);
  return (wide * scale * weight).to(x.scalar_type());
}

torch::Tensor project(const torch::Tensor& x, const torch::Tensor& weight) {
  return torch::matmul(x, weight.to(x.scalar_type()).t());
}

torch::Tensor swiglu(const torch::Tensor& gate, const torch::Tensor& up) {
  return torch::silu(gate) * up;
}

Angles angles_of(const torch::Tensor& positions, int64_t head_width, double base) {
  const torch::Tensor pairs = torch::arange(0, head_width, 2, torch::kDouble);
  const torch::Tensor rates = torch::pow(base, -pairs / static_cast<double>(head_width));
  const torch::Tensor angles = positions.to(torch::kDouble).unsqueeze(-1) * rates;
  return {angles.cos().to(torch::kFloat), angles.sin().to(torch::kFloat)};
}

torch::Tensor rotate(const torch::Tensor& x, const Angles& angles) {
  const torch::Tensor wide = x.to(torch::kFloat);
  const int64_t half = x.size(-1) / 2;
  const torch::Tensor first = wide.slice(-1, 0, half);
  const torch::Tensor second = wide.slice(-1, half);
  const torch::Tensor cosines = angles.cosines.unsqueeze(-2);
  const torch::Tensor sines = angles.sines.unsqueeze(-2);
  return torch::cat({first * cosines - second * sines, second * cosines + first * sines}, -1)
      .to(x.scalar_type());
}

torch::Tensor attend(const torch::Tensor& queries, const torch::Tensor& keys,
                     const torch::Tensor& values, const torch::Tensor& bias) {
  const int64_t rows = queries.size(0);
  const int64_t length = queries.size(1);
  const int64_t heads = queries.size(2);
  const int64_t width = queries.size(3);
  const int64_t key_heads = keys.size(2);
  const int64_t group = heads / key_heads;
  // Heads that share keys are one product: (rows, key_heads, group * length, width).
  const torch::Tensor grouped =
      queries.permute({0, 2, 1, 3}).reshape({rows, key_heads, group * length, width});
  const torch::Tensor scaled = grouped * (1 / std::sqrt(static_cast<double>(width)));
  const torch::Tensor scores = torch::matmul(scaled, keys.permute({0, 2, 3, 1}));
  const torch::Tensor masked = scores.view({rows, heads, length, length}) + bias;
  const torch::Tensor shares =
      torch::softmax(masked, -1).view({rows, key_heads, group * length, length});
  return torch::matmul(shares, values.permute({0, 2, 1, 3}))
      .view({rows, heads, length, width})
      .permute({0, 2, 1, 3})
      .reshape({rows, length, heads * width});
}

}  // namespace melete::train
