// The transformer that everything enters: RMSNorm, grouped attention, rotary positions, SwiGLU. Its
// weights have llama.cpp's names; what its families differ in is data of the configuration.

#pragma once

#include <torch/types.h>

#include <vector>

#include "model/config.h"
#include "model/key_value_cache.h"
#include "model/linear.h"
#include "model/operations.h"
#include "model/parameters.h"

namespace melete::train {

// Where each token of a batch stands and what it may look at: the batch's own places, and before
// them those of a cache where there is one.
struct Layout {
  torch::Tensor positions;  // (rows, length), from 0 in each sequence
  torch::Tensor bias;       // (rows, 1, length, seen): 0 where row i may see column j, else -inf
};

class Decoder {
 public:
  // Adds its weights to `parameters`.
  Decoder(const DecoderConfig& config, ParameterList& parameters);

  // The root of the mean square of the embedding's numbers.
  double embedding_scale() const;

  // Rows of the embedding, (rows, length, width) in `type`.
  torch::Tensor embed(const torch::Tensor& tokens, torch::ScalarType type) const;

  // From embeddings to what the head reads; the same shape and type. With a cache the batch goes on
  // behind its places, and is added to them.
  torch::Tensor run(torch::Tensor hidden, const Layout& layout,
                    KeyValueCache* cache = nullptr) const;

  // (..., vocabulary) in float.
  torch::Tensor logits(const torch::Tensor& hidden) const;

 private:
  struct Block {
    torch::Tensor attention_norm, feed_forward_norm;
    torch::Tensor query_norm, key_norm;  // undefined: none
    Linear query, key, value, output, gate, up, down;
  };

  // What all blocks of a run share.
  struct Reading {
    Angles angles;
    torch::Tensor bias;
    KeyValueCache* cache = nullptr;
  };

  Block make_block(int64_t layer, ParameterList& parameters) const;
  torch::Tensor placed(torch::Tensor heads, const torch::Tensor& norm, const Angles& angles) const;
  torch::Tensor attention(int64_t layer, const torch::Tensor& hidden, const Reading& reading) const;
  torch::Tensor feed_forward(const Block& block, const torch::Tensor& hidden) const;

  DecoderConfig config_;
  torch::Tensor embedding_, output_norm_, head_;
  std::vector<Block> blocks_;
};

}  // namespace melete::train
