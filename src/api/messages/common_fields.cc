#include "api/messages/common_fields.h"

#include <array>
#include <string_view>

namespace melete::api::messages {

namespace {

// Read elsewhere, or harmless: they change nothing that the caller could miss. What `cache_control`
// marks is kept in memory by itself.
constexpr std::array kKnown = std::to_array<std::string_view>({
    "model",          "messages",       "system",           "max_tokens",
    "stream",         "stop_sequences", "temperature",      "top_p",
    "top_k",          "min_p",          "presence_penalty", "frequency_penalty",
    "repeat_penalty", "seed",           "logit_bias",       "tools",
    "tool_choice",    "thinking",       "output_config",    "output_format",
    "metadata",       "cache_control",  "melete",
});

constexpr std::array kRefused = std::to_array<RefusedField>({
    {"container", "this server runs no code"},
    {"mcp_servers", "this server calls no MCP servers by itself: send their tools in `tools`"},
    {"context_management", "send the conversation as you want it read"},
    {"inference_geo", "everything is computed on this machine: leave it out"},
    {"speed"},
});

constexpr std::array kFixed = std::to_array<FixedField>({
    {"service_tier", {"\"auto\"", "\"standard_only\""}},
});

constexpr FieldRules kRules{.known = kKnown, .refused = kRefused, .fixed = kFixed};

}  // namespace

const FieldRules& field_rules() {
  return kRules;
}

void check_fields(ObjectReader& fields) {
  api::check_fields(fields, field_rules());
}

}  // namespace melete::api::messages
