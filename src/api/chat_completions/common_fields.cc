#include "api/chat_completions/common_fields.h"

#include <array>
#include <string_view>

namespace melete::api::chat_completions {

namespace {

// Read elsewhere, or harmless: they change nothing that the caller could miss.
constexpr std::array kKnown = std::to_array<std::string_view>({
    "model",
    "messages",
    "stream",
    "stream_options",
    "n",
    "max_tokens",
    "max_completion_tokens",
    "temperature",
    "top_p",
    "top_k",
    "min_p",
    "presence_penalty",
    "frequency_penalty",
    "repeat_penalty",
    "seed",
    "stop",
    "logit_bias",
    "logprobs",
    "top_logprobs",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "response_format",
    "reasoning_effort",
    "user",
    "melete",
    "metadata",
    "prompt_cache_key",
    "safety_identifier",
});

constexpr std::array kRefused = std::to_array<RefusedField>({
    {"functions", "use `tools`"},
    {"function_call", "use `tool_choice`"},
    {"audio", "this server answers in text"},
    {"prediction"},
    {"web_search_options", "this server does not search the web by itself"},
    {"prompt_cache_options", "prompts are kept in memory by themselves: leave it out"},
    {"moderation"},
});

constexpr std::array kFixed = std::to_array<FixedField>({
    {"store", {"false", "false"}},
    {"service_tier", {"\"auto\"", "\"default\""}},
    {"verbosity", {"\"medium\"", "\"medium\""}},
    {"modalities", {"[\"text\"]", "[\"text\"]"}},
    {"prompt_cache_retention", {"\"in_memory\"", "\"in_memory\""}},
});

constexpr FieldRules kRules{.known = kKnown, .refused = kRefused, .fixed = kFixed};

}  // namespace

const FieldRules& field_rules() {
  return kRules;
}

void check_fields(ObjectReader& fields) {
  api::check_fields(fields, field_rules());
}

}  // namespace melete::api::chat_completions
