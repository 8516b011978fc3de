#include "api/responses/common_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace melete::api::responses {

namespace {

// Read elsewhere, or harmless: they change nothing that the caller could miss.
constexpr std::array kKnown = std::to_array<std::string_view>({
    "model",
    "input",
    "instructions",
    "stream",
    "stream_options",
    "include",
    "max_output_tokens",
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
    "top_logprobs",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "text",
    "reasoning",
    "metadata",
    "user",
    "safety_identifier",
    "prompt_cache_key",
    "melete",
});

struct RefusedField {
  std::string_view name;
  std::string_view way_out;
};

constexpr std::array kRefused = std::to_array<RefusedField>({
    {"previous_response_id", "send the whole conversation in `input`"},
    {"conversation", "send the whole conversation in `input`"},
    {"prompt", "send the prompt's text in `instructions` and `input`"},
    {"context_management", "send the conversation as you want it read"},
    {"max_tool_calls", "this server calls no tools by itself: leave it out"},
    {"moderation", "leave it out"},
    {"prompt_cache_options", "prompts are kept in memory by themselves: leave it out"},
});

// Fields of which only some values mean what happens here anyway, as JSON texts.
struct FixedField {
  std::string_view name;
  std::array<std::string_view, 2> accepted;
  std::string_view way_out;
};

constexpr std::array kFixed = std::to_array<FixedField>({
    {"store", {"false", "false"}, "answers are not stored here: leave it out, or say false"},
    {"background", {"false", "false"}, "leave it out"},
    {"truncation", {"\"disabled\"", "\"disabled\""}, "shorten the conversation yourself"},
    {"service_tier", {"\"auto\"", "\"default\""}, "leave it out"},
    {"prompt_cache_retention", {"\"in_memory\"", "\"in_memory\""}, "leave it out"},
});

void check_field(ObjectReader& fields, const std::string& name, const Json& value) {
  if (std::ranges::find(kKnown, name) != kKnown.end()) return;
  const auto refused = std::ranges::find(kRefused, name, &RefusedField::name);
  if (refused != kRefused.end()) {
    fields.refuse(ErrorCode::Unsupported, name,
                  fmt::format("{} is not supported: {}", name, refused->way_out));
    return;
  }
  const auto fixed = std::ranges::find(kFixed, name, &FixedField::name);
  if (fixed != kFixed.end()) {
    if (std::ranges::find(fixed->accepted, write_json(value)) != fixed->accepted.end()) return;
    fields.refuse(
        ErrorCode::Unsupported, name,
        fmt::format("{} can only be {} here: {}", name, fixed->accepted[0], fixed->way_out));
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

}  // namespace melete::api::responses
