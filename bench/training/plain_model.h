// The plain transformer that our own is measured against: GPT-2's (Radford et al., 2019), with
// learned positions, LayerNorm, biases, GELU and a tied head.

#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "model/batch.h"
#include "model/parameters.h"

namespace melete::bench {

struct PlainShape {
  int64_t vocabulary = 512;  // entries
  int64_t width = 128;       // of the residual stream; the feed-forward is four times as wide
  int64_t layers = 4;
  int64_t heads = 4;
  int64_t context = 512;  // positions
};

// Not thread-safe: libtorch computes on threads of its own.
class PlainModel {
 public:
  // Random weights of GPT-2's deviations; the same for the same seed.
  PlainModel(const PlainShape& shape, uint64_t seed);

  const train::ParameterList& parameters() const { return parameters_; }

  // Mean cross-entropy in nats over what the batch teaches, which is text alone.
  torch::Tensor loss(const train::Batch& batch) const;

 private:
  struct Affine {
    torch::Tensor weight, bias;
  };
  struct Block {
    Affine attention_norm, feed_forward_norm;
    Affine attention, output, up, down;
  };

  Affine norm(const std::string& name);
  Affine map(const std::string& name, int64_t outputs, int64_t inputs, double deviation);

  PlainShape shape_;
  train::ParameterList parameters_;
  torch::Tensor embedding_, positions_;
  std::vector<Block> blocks_;
  Affine last_norm_;
};

}  // namespace melete::bench
