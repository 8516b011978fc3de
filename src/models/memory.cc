// Keys and values of attention layers, states of recurrent ones, and one step's activations.
//
// Layers that look back only over a window keep no more than window + batch cells for each
// sequence.

#include "models/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "models/units.h"

namespace melete::models {
namespace {

constexpr int64_t kLayerLimit = 4096;
constexpr int64_t kWidthLimit = 1 << 24;
constexpr int64_t kFixedBytes = 64 << 20;  // graphs, vocabulary, sampling
constexpr int64_t kSmallestContext = 2048;
constexpr int kActivationBuffers = 8;

int64_t bounded(int64_t value, int64_t limit) {
  return std::clamp<int64_t>(value, 0, limit);
}

// The value of a per-layer key for one layer; a single number holds for all.
int64_t layer_number(const GgufFile& file, std::string_view key, int64_t layer) {
  const GgufArray* array = file.arch_array(key);
  if (!array) return bounded(file.arch_number(key), kWidthLimit);
  if (layer >= static_cast<int64_t>(array->numbers.size())) return 0;
  return static_cast<int64_t>(
      std::clamp(array->numbers[static_cast<size_t>(layer)], 0.0, double{kWidthLimit}));
}

struct HeadWidths {
  int64_t key = 0;
  int64_t value = 0;
};

HeadWidths head_widths(const GgufFile& file) {
  const int64_t heads = std::max<int64_t>(1, layer_number(file, "attention.head_count", 0));
  const int64_t usual = bounded(file.arch_number("embedding_length"), kWidthLimit) / heads;
  return {bounded(file.arch_number("attention.key_length", usual), kWidthLimit),
          bounded(file.arch_number("attention.value_length", usual), kWidthLimit)};
}

// Whether a layer looks back over a window only. A file states it layer by layer, or not at all,
// and then each layer counts as a full one.
bool is_windowed(const GgufFile& file, int64_t layer) {
  const GgufArray* pattern = file.arch_array("attention.sliding_window_pattern");
  return pattern && layer < static_cast<int64_t>(pattern->numbers.size()) &&
         pattern->numbers[static_cast<size_t>(layer)] != 0;
}

// Whether a layer of a hybrid model attends at all; the others keep a state of fixed size.
bool attends(const GgufFile& file, int64_t layer) {
  const int64_t interval = file.arch_number("full_attention_interval", 1);
  return interval <= 1 || (layer + 1) % interval == 0;
}

int64_t state_bytes(const GgufFile& file) {
  const int64_t inner = bounded(file.arch_number("ssm.inner_size"), kWidthLimit);
  const int64_t state = bounded(file.arch_number("ssm.state_size"), kWidthLimit);
  return inner * state * static_cast<int64_t>(sizeof(float));
}

int64_t cache_bytes(const GgufFile& file, const MemoryPlan& plan) {
  const int64_t layers = bounded(file.arch_number("block_count"), kLayerLimit);
  const int64_t window = bounded(file.arch_number("attention.sliding_window"), kWidthLimit);
  const HeadWidths widths = head_widths(file);
  const bool states_heads = file.has(file.architecture() + ".attention.head_count_kv");
  const std::string_view heads_key =
      states_heads ? "attention.head_count_kv" : "attention.head_count";
  double bytes = 0;
  for (int64_t layer = 0; layer < layers; ++layer) {
    const int64_t heads = attends(file, layer) ? layer_number(file, heads_key, layer) : 0;
    if (heads == 0) {
      bytes += static_cast<double>(state_bytes(file) * plan.sequences);
      continue;
    }
    const int64_t windowed = window * plan.sequences + plan.batch_tokens;
    const bool is_short = window > 0 && is_windowed(file, layer);
    const int64_t cells = is_short ? std::min(plan.pool_tokens, windowed) : plan.pool_tokens;
    const auto values = static_cast<double>(heads * (widths.key + widths.value));
    bytes += static_cast<double>(cells) * values * plan.cache_bytes_per_value;
  }
  return static_cast<int64_t>(bytes);
}

int64_t working_bytes(const GgufFile& file, const MemoryPlan& plan) {
  const GgufArray* tokens = file.array("tokenizer.ggml.tokens");
  const auto vocabulary =
      static_cast<int64_t>(tokens ? std::min<uint64_t>(tokens->count, kWidthLimit) : 0);
  const int64_t width = bounded(file.arch_number("embedding_length"), kWidthLimit);
  const int64_t inner = layer_number(file, "feed_forward_length", 0);
  const int64_t values = kActivationBuffers * width + 2 * inner + vocabulary;
  return kFixedBytes + plan.batch_tokens * values * static_cast<int64_t>(sizeof(float));
}

}  // namespace

MemoryNeed memory_needed(const GgufFile& file, const MemoryPlan& plan) {
  MemoryNeed need;
  need.weights = static_cast<int64_t>(file.file_bytes) + plan.projector_bytes + plan.adapter_bytes;
  need.cache = cache_bytes(file, plan);
  need.working = working_bytes(file, plan);
  return need;
}

Result<void> require_memory(const GgufFile& file, const MemoryPlan& plan, int64_t free_bytes) {
  const int64_t needed = memory_needed(file, plan).total();
  if (needed <= free_bytes) return {};
  MemoryPlan smaller = plan;
  int64_t context = kSmallestContext;
  while (context * 2 < plan.pool_tokens) context *= 2;
  for (; context >= kSmallestContext; context /= 2) {
    smaller.pool_tokens = context;
    if (memory_needed(file, smaller).total() <= free_bytes) break;
  }
  const bool helps = context >= kSmallestContext && context < plan.pool_tokens;
  const std::string advice =
      helps ? fmt::format("use --context {}, or a smaller model", context)
            : std::string("use a smaller model; `melete doctor` names one that fits");
  return fail(
      ErrorCode::Overloaded,
      fmt::format(
          "the model does not fit into memory: it needs {} with {} tokens of context and {} "
          "are free: {}",
          binary_bytes(needed), plan.pool_tokens, binary_bytes(free_bytes), advice),
      "model");
}

}  // namespace melete::models
