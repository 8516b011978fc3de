// Muon: momentum whose update is made orthogonal, for matrices that multiply hidden states.
//
// An orthogonal update moves all directions of a matrix alike, also the rare ones that Adam's small
// gradients leave behind (Jordan et al., 2024, https://kellerjordan.github.io/posts/muon/).

#pragma once

#include <torch/types.h>

#include <vector>

namespace melete::train {

struct MuonOptions {
  double learning_rate = 0.02;  // times the length of an orthogonal update
  double momentum = 0.95;       // Nesterov's; 0 to 1
  double weight_decay = 0.01;   // share of a weight that a step at full rate takes, over the rate
};

// An orthogonal matrix near each of `matrices` (count, rows, columns): their singular values become
// about one, 0.7 to 1.2, by five steps of a Newton-Schulz iteration in bfloat16. Returned in float.
torch::Tensor orthogonalised(const torch::Tensor& matrices);

// Not thread-safe.
class Muon {
 public:
  // Weights of two or more dimensions; the first is kept and the others count as one.
  Muon(std::vector<torch::Tensor> weights, MuonOptions options);

  // Moves every weight by its gradient. `share` of the learning rate, 0 to 1.
  void step(double share);

  // The momentum of each weight, shared with it.
  const std::vector<torch::Tensor>& momenta() const { return momenta_; }

 private:
  void step_alike(const std::vector<size_t>& alike, double rate);

  std::vector<torch::Tensor> weights_;
  std::vector<torch::Tensor> momenta_;
  MuonOptions options_;
};

}  // namespace melete::train
