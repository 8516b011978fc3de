#include "model/eye_positions.h"

#include <torch/nn/functional/upsampling.h>

#include <cmath>
#include <vector>

namespace melete::train {

namespace {

int64_t square_side(int64_t patches) {
  return std::lround(std::sqrt(static_cast<double>(patches)));
}

}  // namespace

bool may_stretch(const ModelConfig& config, const Parameter& parameter,
                 torch::IntArrayRef saved_shape) {
  if (parameter.name != kEyePositions || parameter.value.sizes() == saved_shape) return false;
  const Result<ModelConfig> usual = model_config(config.name);
  if (!usual || config.vision->side == usual->vision->side) return false;
  const bool same_width =
      saved_shape.size() == 2 && saved_shape[1] == parameter.value.size(1) && saved_shape[0] > 0;
  if (!same_width) return false;
  const int64_t side = square_side(saved_shape[0]);
  return side * side == saved_shape[0];
}

torch::Tensor stretched(const torch::Tensor& positions, int64_t patches) {
  namespace functional = torch::nn::functional;
  const int64_t from = square_side(positions.size(0));
  const int64_t to = square_side(patches);
  const auto options = functional::InterpolateFuncOptions()
                           .size(std::vector<int64_t>{to, to})
                           .mode(torch::kBilinear)
                           .align_corners(false);
  const torch::Tensor grid = positions.view({1, from, from, -1}).permute({0, 3, 1, 2});
  return functional::interpolate(grid, options).permute({0, 2, 3, 1}).reshape({patches, -1});
}

}  // namespace melete::train
