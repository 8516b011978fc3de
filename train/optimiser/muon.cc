#include "optimiser/muon.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace melete::train {

torch::Tensor orthogonalised(const torch::Tensor& matrix) {
  // A polynomial that sends every singular value of 0 to 1 towards one, fastest near zero.
  constexpr double kLinear = 3.4445;
  constexpr double kCubic = -4.7750;
  constexpr double kQuintic = 2.0315;
  constexpr int kSteps = 5;
  const bool tall = matrix.size(0) > matrix.size(1);
  torch::Tensor x = tall ? matrix.t() : matrix;
  x = (x / (x.norm() + 1e-7)).to(torch::kBFloat16);
  for (int step = 0; step < kSteps; ++step) {
    const torch::Tensor square = torch::matmul(x, x.t());
    const torch::Tensor higher = kCubic * square + kQuintic * torch::matmul(square, square);
    x = kLinear * x + torch::matmul(higher, x);
  }
  return (tall ? x.t() : x).to(torch::kFloat);
}

Muon::Muon(std::vector<torch::Tensor> weights, MuonOptions options)
    : weights_(std::move(weights)), options_(options) {
  for (const torch::Tensor& weight : weights_) momenta_.push_back(torch::zeros_like(weight));
}

void Muon::step(double share) {
  const torch::NoGradGuard guard;
  const double rate = options_.learning_rate * share;
  for (size_t i = 0; i < weights_.size(); ++i) {
    torch::Tensor& weight = weights_[i];
    if (!weight.grad().defined()) continue;
    momenta_[i].mul_(options_.momentum).add_(weight.grad(), 1 - options_.momentum);
    const torch::Tensor ahead = torch::lerp(weight.grad(), momenta_[i], options_.momentum);
    const torch::Tensor update = orthogonalised(ahead.flatten(1));
    const double rows_to_columns =
        static_cast<double>(update.size(0)) / static_cast<double>(update.size(1));
    weight.mul_(1 - rate * options_.weight_decay);
    weight.add_(update.view_as(weight), -rate * std::sqrt(std::max(1.0, rows_to_columns)));
  }
}

}  // namespace melete::train
