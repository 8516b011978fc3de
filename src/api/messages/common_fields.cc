#include "api/messages/common_fields.h"

#include <fmt/format.h>

#include <algorithm>
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

struct RefusedField {
  std::string_view name;
  std::string_view way_out;
};

constexpr std::array kRefused = std::to_array<RefusedField>({
    {"container", "this server runs no code"},
    {"mcp_servers", "this server calls no MCP servers by itself: send their tools in `tools`"},
    {"context_management", "send the conversation as you want it read"},
    {"inference_geo", "everything is computed on this machine: leave it out"},
    {"speed", "leave it out"},
});

void check_field(ObjectReader& fields, const std::string& name, const Json& value) {
  if (std::ranges::find(kKnown, name) != kKnown.end()) return;
  if (name == "service_tier" && (value == "auto" || value == "standard_only")) return;
  const auto refused = std::ranges::find(kRefused, name, &RefusedField::name);
  if (refused != kRefused.end()) {
    fields.refuse(ErrorCode::Unsupported, name,
                  fmt::format("{} is not supported: {}", name, refused->way_out));
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

}  // namespace melete::api::messages
