#include "model/stems.h"

#include <fmt/format.h>

#include <cmath>

#include "model/eye_positions.h"
#include "model/operations.h"
#include "senses/spectrogram.h"

namespace melete::train {

namespace {

constexpr Filling kZeros{};
constexpr Filling kPositions{.deviation = 0.02};

Filling fan_in(int64_t inputs, double scale = 1) {
  return {.deviation = scale / std::sqrt(static_cast<double>(inputs))};
}

torch::Tensor with_bias(const torch::Tensor& x, const torch::Tensor& weight,
                        const torch::Tensor& bias) {
  return project(x, weight) + bias.to(x.scalar_type());
}

}  // namespace

VisionStem::VisionStem(const VisionConfig& config, const StemTarget& target, double norm_epsilon,
                       ParameterList& parameters)
    : config_(config), norm_epsilon_(norm_epsilon) {
  const int64_t inputs = 3 * config.patch * config.patch;
  patch_ = parameters.add("v.patch_embd.weight", Role::Matrix,
                          {config.width, 3, config.patch, config.patch}, fan_in(inputs));
  patch_bias_ = parameters.add("v.patch_embd.bias", Role::Vector, {config.width}, kZeros);
  positions_ =
      parameters.add(kEyePositions, Role::Embedding, {config.patches(), config.width}, kPositions);
  norm_ = parameters.add("mm.soft_emb_norm.weight", Role::Vector, {config.width}, {.mean = 1});
  // Stored transposed, unlike every other matrix: (inputs, outputs).
  projection_ = parameters.add("mm.input_projection.weight", Role::Matrix,
                               {config.width, target.width}, fan_in(config.width, target.scale));
}

torch::Tensor VisionStem::run(const torch::Tensor& pixels, torch::ScalarType type) const {
  const int64_t count = pixels.size(0);
  const int64_t grid = config_.side / config_.patch;
  // (count, row, y, column, x, channel) to one row for each patch: channel, y, x.
  const torch::Tensor patches = ((pixels.to(torch::kFloat) / 255 - 0.5) / 0.5)
                                    .view({count, grid, config_.patch, grid, config_.patch, 3})
                                    .permute({0, 1, 3, 5, 2, 4})
                                    .reshape({count, grid * grid, -1})
                                    .to(type);
  torch::Tensor x = with_bias(patches, patch_.flatten(1), patch_bias_) + positions_.to(type);
  if (config_.pool > 1) {
    const int64_t side = grid / config_.pool;
    x = x.view({count, side, config_.pool, side, config_.pool, -1}).mean({2, 4});
  }
  x = rms_norm(x.reshape({count * config_.tokens(), -1}), norm_, norm_epsilon_);
  return project(x, projection_.t());
}

SoundStem::SoundStem(const SoundConfig& config, const StemTarget& target,
                     ParameterList& parameters) {
  for (int64_t i = 0; i < 3; ++i) {
    const int64_t inputs = i == 0 ? 1 : config.channels;
    const std::string name = fmt::format("a.conv2d.{}.", i + 1);
    convolutions_[i] = {parameters.add(name + "weight", Role::Vector,
                                       {config.channels, inputs, 3, 3}, fan_in(inputs * 9)),
                        parameters.add(name + "bias", Role::Vector, {config.channels}, kZeros)};
  }
  const int64_t flat = config.channels * config.bands / 8;
  flatten_ = parameters.add("a.conv_out.weight", Role::Matrix, {config.width, flat}, fan_in(flat));
  positions_ = parameters.add("a.position_embd.weight", Role::Embedding,
                              {kChunkTokens, config.width}, kPositions);
  for (int64_t i = 0; i < 2; ++i) {
    const int64_t outputs = i == 0 ? config.width : target.width;
    const double scale = i == 0 ? 1 : target.scale;
    const std::string name = fmt::format("mm.a.mlp.{}.", i + 1);
    layers_[i] = {parameters.add(name + "weight", Role::Matrix, {outputs, config.width},
                                 fan_in(config.width, scale)),
                  parameters.add(name + "bias", Role::Vector, {outputs}, kZeros)};
  }
}

torch::Tensor SoundStem::run(const torch::Tensor& spectrogram, torch::ScalarType type) const {
  torch::Tensor x = spectrogram.unsqueeze(1).to(type);
  for (const Layer& layer : convolutions_) {
    x = train::gelu(torch::conv2d(x, layer.weight.to(type), layer.bias.to(type), 2, 1));
  }
  // (chunks, channels, bands, time) to one row for each time: channel, band.
  const torch::Tensor rows = x.permute({0, 3, 1, 2}).flatten(2);
  x = project(rows, flatten_) + positions_.to(type);
  x = train::gelu(with_bias(x, layers_[0].weight, layers_[0].bias));
  return with_bias(x, layers_[1].weight, layers_[1].bias).flatten(0, 1);
}

}  // namespace melete::train
