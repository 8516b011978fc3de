#include "api/responses/common_fields.h"

#include <array>
#include <span>
#include <string_view>

namespace melete::api::responses {

namespace {

// Read elsewhere, or harmless: they change nothing that the caller could miss. The first
// kNeedDatabase of them are known only where there is one, and the next also where a connection
// keeps turns.
constexpr size_t kNeedDatabase = 4;
constexpr std::array kKnown = std::to_array<std::string_view>({
    "store",
    "background",
    "conversation",
    "context_management",
    "previous_response_id",
    "truncation",
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

constexpr std::array kRefused = std::to_array<RefusedField>({
    {"previous_response_id", "send the whole conversation in `input`"},
    {"conversation", "send the whole conversation in `input`"},
    {"prompt", "send the prompt's text in `instructions` and `input`"},
    {"context_management", "send the conversation as you want it read"},
    {"max_tool_calls", "this server calls no tools by itself: leave it out"},
    {"moderation"},
    {"prompt_cache_options", "prompts are kept in memory by themselves: leave it out"},
});

// The first kFixedWithoutDatabase of them are so only where there is none.
constexpr size_t kFixedWithoutDatabase = 2;
constexpr std::array kFixed = std::to_array<FixedField>({
    {"store", {"false", "false"}, "answers are not stored here: leave it out, or say false"},
    {"background", {"false", "false"}},
    {"service_tier", {"\"auto\"", "\"default\""}},
    {"prompt_cache_retention", {"\"in_memory\"", "\"in_memory\""}},
});

constexpr FieldRules kRules{.known = kKnown,
                            .refused = kRefused,
                            .fixed = std::span(kFixed).subspan(kFixedWithoutDatabase)};
constexpr FieldRules kRulesOfTurns{
    .known = std::span(kKnown).subspan(kNeedDatabase), .refused = kRefused, .fixed = kFixed};
constexpr FieldRules kRulesWithoutDatabase{
    .known = std::span(kKnown).subspan(kNeedDatabase + 1), .refused = kRefused, .fixed = kFixed};

}  // namespace

const FieldRules& field_rules() {
  return kRules;
}

void check_fields(ObjectReader& fields, const Memory& memory) {
  const FieldRules& without = memory.turns ? kRulesOfTurns : kRulesWithoutDatabase;
  api::check_fields(fields, memory.database ? kRules : without);
}

}  // namespace melete::api::responses
