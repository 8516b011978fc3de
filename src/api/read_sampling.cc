#include "api/read_sampling.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <utility>

namespace melete::api {

namespace {

// An object of token ids and what is added to their logits.
std::map<int, double> read_logit_bias(ObjectReader& fields) {
  std::map<int, double> biases;
  auto object = fields.object("logit_bias");
  if (!object) return biases;
  for (const auto& [name, value] : object->json().items()) {
    int token = -1;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), token);
    if (error != std::errc() || end != name.data() + name.size() || token < 0) {
      object->refuse(ErrorCode::InvalidArgument, name,
                     fmt::format("{} is not a token id", object->path_of(name)));
      return biases;
    }
    object->require(name);
    if (const auto bias = object->number(name, {-100, 100})) biases[token] = *bias;
  }
  return biases;
}

// Any 64-bit seed, folded into ours.
std::optional<uint32_t> read_seed(ObjectReader& fields) {
  const auto seed = fields.integer("seed", {INT64_MIN, INT64_MAX});
  if (!seed) return std::nullopt;
  const auto bits = static_cast<uint64_t>(*seed);
  if (*seed >= 0 && bits <= UINT32_MAX) return static_cast<uint32_t>(bits);
  return static_cast<uint32_t>(bits ^ (bits >> 32));
}

constexpr size_t kMostStops = 16;
constexpr TextLimits kStopLimits{.least_bytes = 1, .most_bytes = 1024};

}  // namespace

std::vector<std::string> read_stops(ObjectReader& fields, std::string_view name) {
  return fields.texts(name, {.most = kMostStops}, kStopLimits);
}

std::vector<std::string> read_stop(ObjectReader& fields) {
  const Json* value = fields.any("stop");
  if (!value || !value->is_string()) return read_stops(fields, "stop");
  auto text = fields.text("stop", kStopLimits);
  if (!text) return {};
  return {std::move(*text)};
}

chat::Sampling read_sampling(ObjectReader& fields) {
  chat::Sampling sampling;
  sampling.temperature = fields.number("temperature", {0, 2});
  sampling.top_p = fields.number("top_p", {0, 1});
  if (const auto top_k = fields.integer("top_k", {0, 1'000'000})) {
    sampling.top_k = static_cast<int>(*top_k);
  }
  sampling.min_p = fields.number("min_p", {0, 1});
  sampling.presence_penalty = fields.number("presence_penalty", {-2, 2}).value_or(0);
  sampling.frequency_penalty = fields.number("frequency_penalty", {-2, 2}).value_or(0);
  sampling.repeat_penalty = fields.number("repeat_penalty", {0.01, 10}).value_or(1);
  sampling.seed = read_seed(fields);
  sampling.logit_bias = read_logit_bias(fields);
  return sampling;
}

}  // namespace melete::api
