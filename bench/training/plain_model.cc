#include "training/plain_model.h"

#include <fmt/format.h>

#include <cmath>

#include "model/operations.h"

namespace melete::bench {
namespace {

using train::Role;

constexpr double kDeviation = 0.02;
constexpr double kEpsilon = 1e-5;

}  // namespace

PlainModel::PlainModel(const PlainShape& shape, uint64_t seed) : shape_(shape), parameters_(seed) {
  const int64_t width = shape.width;
  const double into_stream = kDeviation / std::sqrt(2.0 * static_cast<double>(shape.layers));
  embedding_ =
      parameters_.add("wte", Role::Embedding, {shape.vocabulary, width}, {.deviation = kDeviation});
  positions_ =
      parameters_.add("wpe", Role::Embedding, {shape.context, width}, {.deviation = kDeviation});
  for (int64_t layer = 0; layer < shape.layers; ++layer) {
    const std::string name = fmt::format("h.{}.", layer);
    blocks_.push_back({.attention_norm = norm(name + "ln_1"),
                       .feed_forward_norm = norm(name + "ln_2"),
                       .attention = map(name + "c_attn", 3 * width, width, kDeviation),
                       .output = map(name + "c_proj", width, width, into_stream),
                       .up = map(name + "c_fc", 4 * width, width, kDeviation),
                       .down = map(name + "mlp_proj", width, 4 * width, into_stream)});
  }
  last_norm_ = norm("ln_f");
}

PlainModel::Affine PlainModel::norm(const std::string& name) {
  return {parameters_.add(name + ".weight", Role::Vector, {shape_.width}, {.mean = 1}),
          parameters_.add(name + ".bias", Role::Vector, {shape_.width}, {})};
}

PlainModel::Affine PlainModel::map(const std::string& name, int64_t outputs, int64_t inputs,
                                   double deviation) {
  return {
      parameters_.add(name + ".weight", Role::Matrix, {outputs, inputs}, {.deviation = deviation}),
      parameters_.add(name + ".bias", Role::Vector, {outputs}, {})};
}

torch::Tensor PlainModel::loss(const train::Batch& batch) const {
  const torch::ScalarType type = batch.type;
  const auto normed = [&](const torch::Tensor& x, const Affine& norm) {
    return torch::layer_norm(x, {shape_.width}, norm.weight.to(type), norm.bias.to(type), kEpsilon);
  };
  const auto mapped = [&](const torch::Tensor& x, const Affine& map) {
    return torch::linear(x, map.weight.to(type), map.bias.to(type));
  };
  const torch::Tensor bias = batch.layout.bias.to(type);
  torch::Tensor hidden = (torch::embedding(embedding_, batch.tokens) +
                          torch::embedding(positions_, batch.layout.positions))
                             .to(type);
  for (const Block& block : blocks_) {
    const auto heads =
        mapped(normed(hidden, block.attention_norm), block.attention)
            .view({hidden.size(0), hidden.size(1), 3, shape_.heads, shape_.width / shape_.heads})
            .unbind(2);
    hidden = hidden + mapped(train::attend(heads[0], heads[1], heads[2], bias), block.output);
    const torch::Tensor inner = mapped(normed(hidden, block.feed_forward_norm), block.up);
    hidden = hidden + mapped(train::gelu(inner), block.down);
  }
  const torch::Tensor read = hidden.flatten(0, 1).index_select(0, batch.taught_places);
  const torch::Tensor logits = torch::linear(normed(read, last_norm_), embedding_.to(type));
  return torch::nll_loss(torch::log_softmax(logits.to(torch::kFloat), -1), batch.targets);
}

}  // namespace melete::bench
