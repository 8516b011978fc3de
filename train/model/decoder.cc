#include "model/decoder.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

namespace melete::train {

namespace {

constexpr Filling kOnes{.mean = 1};

Filling fan_in(int64_t inputs) {
  return {.deviation = 1 / std::sqrt(static_cast<double>(inputs))};
}

}  // namespace

Decoder::Decoder(const DecoderConfig& config, ParameterList& parameters) : config_(config) {
  const std::vector<int64_t> table = {config.vocabulary, config.width};
  // A tied table is also the head: rows of length one keep its first logits small.
  const Filling rows = config.tied ? fan_in(config.width) : Filling{.deviation = 1};
  embedding_ = parameters.add("token_embd.weight", Role::Embedding, table, rows);
  for (int64_t layer = 0; layer < config.layers; ++layer) {
    blocks_.push_back(make_block(layer, parameters));
  }
  output_norm_ = parameters.add("output_norm.weight", Role::Vector, {config.width}, kOnes);
  head_ = config.tied
              ? embedding_
              : parameters.add("output.weight", Role::Embedding, table, fan_in(config.width));
}

// What adds to the residual stream begins small, the deeper the model the smaller.
Decoder::Block Decoder::make_block(int64_t layer, ParameterList& parameters) const {
  const int64_t width = config_.width;
  const int64_t queries = config_.heads * config_.head_width;
  const int64_t keys = config_.key_heads * config_.head_width;
  const auto add = [&](const char* name, Role role, const std::vector<int64_t>& shape,
                       Filling filling) {
    return parameters.add(fmt::format("blk.{}.{}.weight", layer, name), role, shape, filling);
  };
  const auto into_stream = [&](int64_t inputs) {
    Filling filling = fan_in(inputs);
    filling.deviation /= std::sqrt(2 * static_cast<double>(config_.layers));
    return filling;
  };
  Block block;
  block.attention_norm = add("attn_norm", Role::Vector, {width}, kOnes);
  block.query = add("attn_q", Role::Matrix, {queries, width}, fan_in(width));
  block.key = add("attn_k", Role::Matrix, {keys, width}, fan_in(width));
  block.value = add("attn_v", Role::Matrix, {keys, width}, fan_in(width));
  block.query_norm = add("attn_q_norm", Role::Vector, {config_.head_width}, kOnes);
  block.key_norm = add("attn_k_norm", Role::Vector, {config_.head_width}, kOnes);
  block.output = add("attn_output", Role::Matrix, {width, queries}, into_stream(queries));
  block.feed_forward_norm = add("ffn_norm", Role::Vector, {width}, kOnes);
  block.gate = add("ffn_gate", Role::Matrix, {config_.feed_forward, width}, fan_in(width));
  block.up = add("ffn_up", Role::Matrix, {config_.feed_forward, width}, fan_in(width));
  block.down = add("ffn_down", Role::Matrix, {width, config_.feed_forward},
                   into_stream(config_.feed_forward));
  return block;
}

torch::Tensor Decoder::embed(const torch::Tensor& tokens, torch::ScalarType type) const {
  return torch::embedding(embedding_, tokens).to(type);
}

torch::Tensor Decoder::attention(int64_t layer, const torch::Tensor& hidden,
                                 const Reading& reading) const {
  const Block& block = blocks_[layer];
  const auto heads = [&](const torch::Tensor& weight) {
    return project(hidden, weight).view({hidden.size(0), hidden.size(1), -1, config_.head_width});
  };
  const auto turned = [&](const torch::Tensor& weight, const torch::Tensor& norm) {
    return rotate(rms_norm(heads(weight), norm, config_.norm_epsilon), reading.angles);
  };
  const torch::Tensor queries = turned(block.query, block.query_norm);
  KeyValueCache::Layer seen{turned(block.key, block.key_norm), heads(block.value)};
  if (reading.cache != nullptr) seen = reading.cache->extend(layer, seen.keys, seen.values);
  return project(attend(queries, seen.keys, seen.values, reading.bias), block.output);
}

torch::Tensor Decoder::feed_forward(const Block& block, const torch::Tensor& hidden) const {
  return project(swiglu(project(hidden, block.gate), project(hidden, block.up)), block.down);
}

torch::Tensor Decoder::run(torch::Tensor hidden, const Layout& layout, KeyValueCache* cache) const {
  const Reading reading{angles_of(layout.positions, config_.head_width, config_.rope_base),
                        layout.bias.to(hidden.scalar_type()), cache};
  const double epsilon = config_.norm_epsilon;
  for (int64_t layer = 0; layer < config_.layers; ++layer) {
    const Block& block = blocks_[layer];
    hidden = hidden + attention(layer, rms_norm(hidden, block.attention_norm, epsilon), reading);
    hidden = hidden + feed_forward(block, rms_norm(hidden, block.feed_forward_norm, epsilon));
  }
  return hidden;
}

torch::Tensor Decoder::logits(const torch::Tensor& hidden) const {
  return project(rms_norm(hidden, output_norm_, config_.norm_epsilon), head_).to(torch::kFloat);
}

}  // namespace melete::train
