#include "optimiser/muon.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace melete::train {

torch::Tensor orthogonalised(const torch::Tensor& matrices) {
  // A polynomial that sends every singular value of 0 to 1 towards one, fastest near zero.
  constexpr double kLinear = 3.4445;
  constexpr double kCubic = -4.7750;
  constexpr double kQuintic = 2.0315;
  constexpr int kSteps = 5;
  const bool tall = matrices.size(1) > matrices.size(2);
  torch::Tensor x = tall ? matrices.transpose(1, 2) : matrices;
  x = (x / (x.norm(2, {1, 2}, true) + 1e-7)).to(torch::kBFloat16).contiguous();
  for (int step = 0; step < kSteps; ++step) {
    const torch::Tensor square = torch::bmm(x, x.transpose(1, 2));
    const torch::Tensor higher = torch::baddbmm(square, square, square, kCubic, kQuintic);
    x = torch::baddbmm(x, higher, x, kLinear, 1);
  }
  return (tall ? x.transpose(1, 2) : x).to(torch::kFloat);
}

Muon::Muon(std::vector<torch::Tensor> weights, MuonOptions options)
    : weights_(std::move(weights)), options_(options) {
  for (const torch::Tensor& weight : weights_) momenta_.push_back(torch::zeros_like(weight));
}

// Weights of one shape go together: a few large products are quicker than many small ones.
void Muon::step(double share) {
  const torch::NoGradGuard guard;
  std::map<std::vector<int64_t>, std::vector<size_t>> alike;
  for (size_t i = 0; i < weights_.size(); ++i) {
    if (weights_[i].grad().defined()) alike[weights_[i].sizes().vec()].push_back(i);
  }
  for (const auto& [shape, members] : alike) step_alike(members, options_.learning_rate * share);
}

void Muon::step_alike(const std::vector<size_t>& alike, double rate) {
  std::vector<torch::Tensor> ahead;
  for (const size_t i : alike) {
    const torch::Tensor gradient = weights_[i].grad();
    momenta_[i].mul_(options_.momentum).add_(gradient, 1 - options_.momentum);
    ahead.push_back(torch::lerp(gradient, momenta_[i], options_.momentum).flatten(1));
  }
  const torch::Tensor updates = orthogonalised(torch::stack(ahead));
  const double rows_to_columns =
      static_cast<double>(updates.size(1)) / static_cast<double>(updates.size(2));
  const double length = std::sqrt(std::max(1.0, rows_to_columns));
  for (size_t member = 0; member < alike.size(); ++member) {
    torch::Tensor& weight = weights_[alike[member]];
    weight.mul_(1 - rate * options_.weight_decay);
    weight.add_(updates[static_cast<int64_t>(member)].view_as(weight), -rate * length);
  }
}

}  // namespace melete::train
