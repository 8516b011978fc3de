// What an eye knows of the places in a picture, for an eye of another side.

#pragma once

#include <torch/types.h>

#include <cstdint>

#include "model/config.h"
#include "model/parameters.h"

namespace melete::train {

// The weight's name; it is (patches, width), patch by patch along the rows of a square.
inline constexpr const char* kEyePositions = "v.position_embd.weight";

// Whether a saved weight of other sides can be taken for this one: it is an eye's positions, in a
// model whose eye was given a side of its own. One whose eye has its size's usual side takes only
// what fits, for it would read with other eyes than it was made with and say nothing.
bool may_stretch(const ModelConfig& config, const Parameter& parameter,
                 torch::IntArrayRef saved_shape);

// The positions of a square with as many patches: between the known ones, in a straight line.
torch::Tensor stretched(const torch::Tensor& positions, int64_t patches);

}  // namespace melete::train
