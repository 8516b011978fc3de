// What a model in libtorch says about the tokens that follow.

#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "data/packing.h"
#include "model/model.h"

namespace melete::train {

// Log-probabilities of the vocabulary after each token, in float: (tokens, vocabulary).
inline torch::Tensor next_tokens(const Model& model, const std::vector<int32_t>& tokens) {
  Sequence sequence{.tokens = tokens, .taught = std::vector<uint8_t>(tokens.size(), 0)};
  const int64_t length = std::ssize(tokens);
  Packer packer(1, length, 0);
  packer.add(sequence);
  const Batch batch = make_batch(std::move(packer).take(), torch::kFloat);
  return model.log_probabilities(batch, torch::arange(length));
}

}  // namespace melete::train
