#include "gguf/family.h"

#include <fmt/format.h>
#include <ggml.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

namespace melete::train {

namespace {

using models::GgufFile;

constexpr std::array<std::string_view, 3> kFamilies = {"llama", "qwen2", "qwen3"};

constexpr std::array kTypes = {GGML_TYPE_F32,  GGML_TYPE_F16,  GGML_TYPE_BF16, GGML_TYPE_Q8_0,
                               GGML_TYPE_Q5_0, GGML_TYPE_Q5_1, GGML_TYPE_Q4_0, GGML_TYPE_Q4_1,
                               GGML_TYPE_Q6_K, GGML_TYPE_Q5_K, GGML_TYPE_Q4_K};

constexpr int64_t kMostOfAnything = int64_t{1} << 24;  // heads, widths, tokens

// A number with a fraction under the architecture's prefix.
double real(const GgufFile& file, std::string_view key, double otherwise) {
  const auto found = file.metadata.find(fmt::format("{}.{}", file.architecture(), key));
  if (found == file.metadata.end()) return otherwise;
  const auto* value = std::get_if<double>(&found->second);
  return value == nullptr ? otherwise : *value;
}

bool has_tensor(const GgufFile& file, std::string_view name) {
  return std::ranges::find(file.tensors, name, &models::GgufTensor::name) != file.tensors.end();
}

// What a file has that would be computed in another way; empty: nothing.
std::string foreign_part(const GgufFile& file) {
  const std::string kind = file.text("general.type", "model");
  if (kind != "model") return fmt::format("it is no model but of the type \"{}\"", kind);
  const std::string family = file.architecture();
  if (std::ranges::find(kFamilies, family) == kFamilies.end()) {
    return fmt::format("its family is \"{}\"", family);
  }
  if (file.arch_number("expert_count") > 0) return "it is a mixture of experts";
  const std::string scaling = file.text(family + ".rope.scaling.type", "none");
  const double factor = real(file, "rope.scaling.factor", real(file, "rope.scale_linear", 1));
  if (scaling != "none" || (factor != 0 && factor != 1)) {
    return "its positions are stretched (rope scaling)";
  }
  if (real(file, "attention.scale", 0) != 0) return "its attention has a scale of its own";
  return {};
}

int64_t vocabulary_size(const GgufFile& file) {
  const auto table =
      std::ranges::find(file.tensors, "token_embd.weight", &models::GgufTensor::name);
  const bool is_table = table != file.tensors.end() && table->shape.size() == 2;
  return is_table ? static_cast<int64_t>(table->shape[1]) : 0;
}

// The key of a size that is missing or absurd; empty: none is.
std::string absurd_size(const DecoderConfig& config, const GgufFile& file) {
  for (const auto& [key, size] : std::initializer_list<std::pair<const char*, int64_t>>{
           {"block_count", config.layers},
           {"embedding_length", config.width},
           {"feed_forward_length", config.feed_forward},
           {"attention.head_count", config.heads},
           {"attention.head_count_kv", config.key_heads},
           {"attention.key_length", config.head_width},
           {"context_length", config.context}}) {
    if (size < 1 || size > kMostOfAnything) return key;
  }
  if (config.layers > std::ssize(file.tensors)) return "block_count";
  if (config.heads % config.key_heads != 0) return "attention.head_count_kv";
  if (config.head_width % 2 != 0) return "attention.key_length";
  if (file.arch_number("attention.value_length", config.head_width) != config.head_width) {
    return "attention.value_length";
  }
  if (file.arch_number("rope.dimension_count", config.head_width) != config.head_width) {
    return "rope.dimension_count";
  }
  if (!(config.norm_epsilon > 0)) return "attention.layer_norm_rms_epsilon";
  if (!(config.rope_base > 0)) return "rope.freq_base";
  return {};
}

}  // namespace

Result<DecoderConfig> decoder_config(const GgufFile& file) {
  if (const std::string foreign = foreign_part(file); !foreign.empty()) {
    return cannot_load(foreign);
  }
  DecoderConfig config;
  config.architecture = file.architecture();
  config.vocabulary = vocabulary_size(file);
  config.width = file.arch_number("embedding_length");
  config.layers = file.arch_number("block_count");
  config.heads = file.arch_number("attention.head_count");
  config.key_heads = file.arch_number("attention.head_count_kv", config.heads);
  config.head_width =
      file.arch_number("attention.key_length", config.heads > 0 ? config.width / config.heads : 0);
  config.feed_forward = file.arch_number("feed_forward_length");
  config.tied = !has_tensor(file, "output.weight");
  config.context = file.arch_number("context_length");
  config.rope_base = real(file, "rope.freq_base", 10000);
  config.norm_epsilon = real(file, "attention.layer_norm_rms_epsilon", 0);
  config.rotary_pairs =
      config.architecture == "llama" ? RotaryPairs::Neighbours : RotaryPairs::Halves;
  config.head_norms = has_tensor(file, "blk.0.attn_q_norm.weight");
  config.biases = has_tensor(file, "blk.0.attn_q.bias");
  if (const std::string key = absurd_size(config, file); !key.empty()) {
    return cannot_load(
        fmt::format("{}.{} is missing or does not fit the others", config.architecture, key));
  }
  return config;
}

bool can_load(uint32_t type) {
  const auto number = [](ggml_type known) { return static_cast<uint32_t>(known); };
  return std::ranges::find(kTypes, type, number) != kTypes.end();
}

std::unexpected<Error> cannot_load(const std::string& what) {
  std::vector<std::string> types;
  for (const ggml_type type : kTypes) types.push_back(models::gguf_type_name(type));
  return fail(ErrorCode::Unsupported,
              fmt::format("This model cannot be trained here: {}. Known are the families {} with "
                          "weights of the types {}.",
                          what, fmt::join(kFamilies, ", "), fmt::join(types, ", ")),
              "model");
}

}  // namespace melete::train
