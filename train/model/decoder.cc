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

double Decoder::embedding_scale() const {
  if (!embedding_.defined()) return 1;  // its file has none that can be read, which is told later
  const torch::NoGradGuard guard;
  return embedding_.to(torch::kFloat).square().mean().sqrt().item<double>();
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
  const auto linear = [&](const char* name, const std::vector<int64_t>& shape,
                          const Filling& filling) {
    Linear map{.weight = add(name, Role::Matrix, shape, filling)};
    const AdapterConfig& adapter = config_.adapter;
    if (adapter.rank == 0 || !adapter.maps.contains(name)) return map;
    const std::string weight = fmt::format("blk.{}.{}.weight", layer, name);
    map.inwards = parameters.add_learning(weight + ".lora_a", Role::Factor,
                                          {adapter.rank, shape[1]}, fan_in(shape[1]));
    map.outwards =
        parameters.add_learning(weight + ".lora_b", Role::Factor, {shape[0], adapter.rank}, {});
    map.scale = adapter.alpha / static_cast<double>(adapter.rank);
    return map;
  };
  const auto biased = [&](const char* name, int64_t outputs) {
    Linear map = linear(name, {outputs, width}, fan_in(width));
    if (config_.biases) {
      map.bias =
          parameters.add(fmt::format("blk.{}.{}.bias", layer, name), Role::Vector, {outputs}, {});
    }
    return map;
  };
  Block block;
  block.attention_norm = add("attn_norm", Role::Vector, {width}, kOnes);
  block.query = biased("attn_q", queries);
  block.key = biased("attn_k", keys);
  block.value = biased("attn_v", keys);
  if (config_.head_norms) {
    block.query_norm = add("attn_q_norm", Role::Vector, {config_.head_width}, kOnes);
    block.key_norm = add("attn_k_norm", Role::Vector, {config_.head_width}, kOnes);
  }
  block.output = linear("attn_output", {width, queries}, into_stream(queries));
  block.feed_forward_norm = add("ffn_norm", Role::Vector, {width}, kOnes);
  block.gate = linear("ffn_gate", {config_.feed_forward, width}, fan_in(width));
  block.up = linear("ffn_up", {config_.feed_forward, width}, fan_in(width));
  block.down = linear("ffn_down", {width, config_.feed_forward}, into_stream(config_.feed_forward));
  return block;
}

torch::Tensor Decoder::embed(const torch::Tensor& tokens, torch::ScalarType type) const {
  return torch::embedding(embedding_, tokens).to(type);
}

// Queries or keys, normalised and turned by their positions.
torch::Tensor Decoder::placed(torch::Tensor heads, const torch::Tensor& norm,
                              const Angles& angles) const {
  if (norm.defined()) heads = rms_norm(heads, norm, config_.norm_epsilon);
  // Scores are sums over a head's numbers, so their order does not matter as long as it is one.
  if (config_.rotary_pairs == RotaryPairs::Neighbours) heads = neighbours_as_halves(heads);
  return rotate(heads, angles);
}

torch::Tensor Decoder::attention(int64_t layer, const torch::Tensor& hidden,
                                 const Reading& reading) const {
  const Block& block = blocks_[layer];
  const auto heads = [&](const Linear& linear) {
    return project(hidden, linear).view({hidden.size(0), hidden.size(1), -1, config_.head_width});
  };
  const torch::Tensor queries = placed(heads(block.query), block.query_norm, reading.angles);
  KeyValueCache::Layer seen{placed(heads(block.key), block.key_norm, reading.angles),
                            heads(block.value)};
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
