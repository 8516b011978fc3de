// What moves the weights of a model: AdamW for embeddings, scales and the rest, and for its
// matrices Muon or AdamW.

#pragma once

#include <torch/optim/adamw.h>
#include <torch/serialize/archive.h>

#include "model/parameters.h"
#include "optimiser/muon.h"

namespace melete::train {

enum class MatrixMethod {
  Muon,   // each step as long as the rate says: quickest where every batch says much
  AdamW,  // steps shrink with what their batches say, as against those before
};

struct OptimiserOptions {
  MatrixMethod matrices = MatrixMethod::Muon;
  MuonOptions muon;              // its rate is also AdamW's for matrices
  double embedding_rate = 0.01;  // AdamW's learning rate for tables and the head
  double vector_rate = 0.005;    // and for scales, biases, positions and convolutions
  double factor_rate = 2e-4;     // and for the thin matrices of adapters
};

// Not thread-safe. Shares the data of the parameters, which must keep their shapes.
class Optimiser {
 public:
  Optimiser(const ParameterList& parameters, const OptimiserOptions& options);

  // Moves every weight by its gradient. `share` of the learning rates, 0 to 1.
  void step(double share);

  // Forgets all gradients.
  void clear_gradients();

  // All that step() remembers. load() throws c10::Error where the archive is of other weights.
  void save(torch::serialize::OutputArchive& archive) const;
  void load(torch::serialize::InputArchive& archive);

 private:
  OptimiserOptions options_;
  std::vector<torch::Tensor> all_;
  Muon muon_;
  torch::optim::AdamW adam_;
};

}  // namespace melete::train
