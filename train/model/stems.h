// Eye and ear: the few weights that turn pictures and sounds into embeddings of the decoder. Both
// have the form, and the names, of projectors that llama.cpp runs with no encoder layer.

#pragma once

#include <torch/types.h>

#include "model/config.h"
#include "model/parameters.h"

namespace melete::train {

// The decoder's embeddings, among which those of a picture or sound will stand.
struct StemTarget {
  int64_t width = 0;
  double scale = 1;  // the root of their numbers' mean square
};

// Patches of a square, each projected, with its place added; then a norm and a projection.
class VisionStem {
 public:
  // What it gives begins as long as the decoder's embeddings are.
  VisionStem(const VisionConfig& config, const StemTarget& target, double norm_epsilon,
             ParameterList& parameters);

  // Bytes (pictures, side, side, 3) to (pictures * tokens, width) in `type`.
  torch::Tensor run(const torch::Tensor& pixels, torch::ScalarType type) const;

 private:
  VisionConfig config_;
  double norm_epsilon_;
  torch::Tensor patch_, patch_bias_, positions_, norm_, projection_;
};

// A second of log-mel at a time: three convolutions that halve both sides, a projection, the place
// within the second, and two layers.
class SoundStem {
 public:
  SoundStem(const SoundConfig& config, const StemTarget& target, ParameterList& parameters);

  // Floats (chunks, bands, kChunkFrames) to (chunks * kChunkTokens, width) in `type`.
  torch::Tensor run(const torch::Tensor& spectrogram, torch::ScalarType type) const;

 private:
  struct Layer {
    torch::Tensor weight, bias;
  };

  Layer convolutions_[3];
  Layer layers_[2];
  torch::Tensor flatten_, positions_;
};

}  // namespace melete::train
