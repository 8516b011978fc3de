#include "api/chat_completions/common_fields.h"

#include <fmt/format.h>

#include <algorithm>
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

struct RefusedField {
  std::string_view name;
  std::string_view way_out;
};

constexpr std::array kRefused = std::to_array<RefusedField>({
    {"functions", "use `tools`"},
    {"function_call", "use `tool_choice`"},
    {"audio", "this server answers in text"},
    {"prediction", "leave it out"},
    {"web_search_options", "this server does not search the web by itself"},
    {"prompt_cache_options", "prompts are kept in memory by themselves: leave it out"},
    {"moderation", "leave it out"},
});

// Fields of which only some values mean what happens here anyway.
struct FixedField {
  std::string_view name;
  std::array<std::string_view, 2> accepted;  // JSON texts
};

constexpr std::array kFixed = std::to_array<FixedField>({
    {"store", {"false", "false"}},
    {"service_tier", {"\"auto\"", "\"default\""}},
    {"verbosity", {"\"medium\"", "\"medium\""}},
    {"modalities", {"[\"text\"]", "[\"text\"]"}},
    {"prompt_cache_retention", {"\"in_memory\"", "\"in_memory\""}},
});

void check_field(ObjectReader& fields, const std::string& name, const Json& value) {
  if (std::ranges::find(kKnown, name) != kKnown.end()) return;
  if (const auto refused = std::ranges::find(kRefused, name, &RefusedField::name);
      refused != kRefused.end()) {
    fields.refuse(ErrorCode::Unsupported, name,
                  fmt::format("{} is not supported: {}", name, refused->way_out));
    return;
  }
  if (const auto fixed = std::ranges::find(kFixed, name, &FixedField::name);
      fixed != kFixed.end()) {
    if (std::ranges::find(fixed->accepted, write_json(value)) != fixed->accepted.end()) return;
    fields.refuse(ErrorCode::Unsupported, name,
                  fmt::format("{} can only be {} here: leave it out", name, fixed->accepted[0]));
    return;
  }
  fields.refuse(
      ErrorCode::InvalidArgument, name,
      fmt::format("{} is not a field of this request: correct its name or leave it out", name));
}

}  // namespace

void check_fields(ObjectReader& fields) {
  for (const auto& [name, value] : fields.json().items()) {
    if (!value.is_null()) check_field(fields, name, value);
  }
}

}  // namespace melete::api::chat_completions
