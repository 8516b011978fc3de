// A whole model: one decoder into whose sequence text, pictures and sounds enter alike.

#pragma once

#include <torch/types.h>

#include <optional>

#include "model/batch.h"
#include "model/config.h"
#include "model/decoder.h"
#include "model/parameters.h"
#include "model/stems.h"

namespace melete::train {

// Not thread-safe: libtorch computes on threads of its own. Its weights, the batches that it is
// given and what it returns are on one device.
class Model {
 public:
  // Random weights; the same for the same seed.
  Model(const ModelConfig& config, uint64_t seed, torch::Device device = torch::kCPU);

  // The decoder's weights are what `reader` gives and do not learn; `seed` decides those of its
  // adapter and of eye and ear, which do.
  Model(const ModelConfig& config, const WeightReader& reader, uint64_t seed,
        torch::Device device = torch::kCPU);

  const ModelConfig& config() const { return config_; }
  torch::Device device() const { return device_; }
  const ParameterList& parameters() const { return parameters_; }

  // What the head reads at every place of the batch: (rows, length, width), in the batch's type.
  // With a cache the batch goes on behind its places, and is added to them. Pictures and sounds for
  // a model without eye and ear are a programmer's error.
  torch::Tensor hidden(const Batch& batch, KeyValueCache* cache = nullptr) const;

  // Log-probabilities of the vocabulary after each place in `places` (flat indices into rows and
  // length): (places, vocabulary) in float.
  torch::Tensor log_probabilities(const Batch& batch, const torch::Tensor& places,
                                  KeyValueCache* cache = nullptr) const;

  // Mean cross-entropy in nats over what the batch teaches, in float.
  torch::Tensor loss(const Batch& batch) const;

 private:
  void add_senses(double embedding_scale);

  ModelConfig config_;
  torch::Device device_;
  ParameterList parameters_;
  Decoder decoder_;
  std::optional<VisionStem> vision_;
  std::optional<SoundStem> sound_;
};

}  // namespace melete::train
