#include "model/plain_operations.h"

namespace melete::train::plain {

torch::Tensor rms_norm(const torch::Tensor& x, const torch::Tensor& weight, double epsilon) {
  const torch::Tensor wide = x.to(torch::kFloat);
  const torch::Tensor scale = torch::rsqrt(wide.square().mean(-1, true) + epsilon);
  return (wide * scale * weight).to(x.scalar_type());
}

torch::Tensor rotate(const torch::Tensor& x, const torch::Tensor& cosines,
                     const torch::Tensor& sines) {
  const torch::Tensor wide = x.to(torch::kFloat);
  const int64_t half = x.size(-1) / 2;
  const torch::Tensor first = wide.slice(-1, 0, half);
  const torch::Tensor second = wide.slice(-1, half);
  const torch::Tensor c = cosines.unsqueeze(-2);
  const torch::Tensor s = sines.unsqueeze(-2);
  return torch::cat({first * c - second * s, second * c + first * s}, -1).to(x.scalar_type());
}

torch::Tensor shares(const torch::Tensor& scores, const torch::Tensor& bias, double scale) {
  const torch::Tensor wide = torch::add(bias.to(torch::kFloat), scores, scale);
  return torch::softmax(wide, -1).to(scores.scalar_type());
}

}  // namespace melete::train::plain
