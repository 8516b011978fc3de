// Packed rows as tensors.

#pragma once

#include <torch/types.h>

#include "data/packing.h"
#include "model/config.h"
#include "model/decoder.h"

namespace melete::train {

struct Batch {
  torch::ScalarType type = torch::kFloat;  // of activations
  torch::Tensor tokens;                    // (rows, length)
  Layout layout;
  torch::Tensor taught_places;   // flat places after which a token is to be written
  torch::Tensor targets;         // those tokens
  torch::Tensor pixels;          // bytes (pictures, side, side, 3)
  torch::Tensor picture_places;  // flat places of all their tokens, in order
  torch::Tensor spectrograms;    // (chunks, bands, kChunkFrames)
  torch::Tensor sound_places;
};

// Copies everything to `device`. Text and sounds see what stands before them in their sequence; the
// tokens of a picture also see each other.
Batch make_batch(const PackedRows& packed, torch::ScalarType type,
                 torch::Device device = torch::kCPU);

}  // namespace melete::train
