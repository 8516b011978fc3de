#include "engine/context_length.h"

#include <fmt/format.h>

#include <algorithm>

namespace melete::engine {

namespace {

constexpr int64_t kDefaultContext = 32768;
constexpr int64_t kSmallestTrained = 512;  // of files that state nothing

}  // namespace

Result<ContextLength> choose_context(const EngineOptions& options, const models::GgufFile& header) {
  const int64_t trained = std::max(header.arch_number("context_length"), kSmallestTrained);
  const int64_t original = header.arch_number("rope.scaling.original_context_length");
  ContextLength length;
  length.original = original > 0 ? original : trained;
  length.tokens =
      options.context_tokens > 0 ? options.context_tokens : std::min(trained, kDefaultContext);
  if (length.tokens <= trained) return length;
  if (options.rope_scaling == RopeScaling::None) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("{} was trained for contexts of {} tokens, not {}: give --context {} "
                            "or less, or --rope-scaling yarn, which reaches further but reads "
                            "less well.",
                            options.name, trained, length.tokens, trained),
                "context");
  }
  length.scaling = options.rope_scaling;
  return length;
}

void scale_positions(const ContextLength& length, llama_context_params& params) {
  if (length.scaling == RopeScaling::None) return;
  params.rope_scaling_type = length.scaling == RopeScaling::Yarn ? LLAMA_ROPE_SCALING_TYPE_YARN
                                                                 : LLAMA_ROPE_SCALING_TYPE_LINEAR;
  params.rope_freq_scale = static_cast<float>(length.original) / static_cast<float>(length.tokens);
  params.yarn_orig_ctx = static_cast<uint32_t>(length.original);
}

}  // namespace melete::engine
