#include "api/chat_completions/read_tools.h"

#include <fmt/format.h>

#include <utility>

#include "api/tools.h"

namespace melete::api::chat_completions {

namespace {

// True for {"type": "function"}; another kind is refused.
bool is_function(ObjectReader& fields) {
  fields.require("type");
  const auto type = fields.text("type");
  if (!type) return false;
  if (*type == "function") return true;
  fields.refuse(
      ErrorCode::Unsupported, "type",
      fmt::format("{} is \"{}\" and only function is supported", fields.path_of("type"), *type));
  return false;
}

std::optional<chat::Tool> read_tool(ObjectReader& fields, const std::vector<chat::Tool>& earlier) {
  if (!is_function(fields)) return std::nullopt;
  fields.require("function");
  auto function = fields.object("function");
  if (!function) return std::nullopt;
  auto name = read_new_name(*function, earlier);
  if (!name) return std::nullopt;
  function->boolean("strict");
  return chat::Tool{std::move(*name), function->text("description").value_or(""),
                    parameters_or_none(function->object("parameters"))};
}

}  // namespace

std::vector<chat::Tool> read_tools(ObjectReader& fields) {
  return read_tool_list(fields, read_tool);
}

chat::ToolChoice read_tool_choice(ObjectReader& fields, const std::vector<chat::Tool>& tools) {
  using Kind = chat::ToolChoice::Kind;
  const Json* value = fields.any("tool_choice");
  if (!value) return {};
  if (!value->is_object()) {
    const auto kind = fields.choice("tool_choice", {"auto", "none", "required"});
    if (!kind || *kind == "auto") return {};
    if (*kind == "none") return {Kind::None, ""};
    if (tools.empty()) {
      fields.refuse(ErrorCode::InvalidArgument, "tool_choice",
                    "tool_choice is \"required\", but there are no tools: send some");
    }
    return {Kind::Required, ""};
  }
  ObjectReader choice = *fields.object("tool_choice");
  if (!is_function(choice)) return {};
  choice.require("function");
  auto function = choice.object("function");
  if (!function) return {};
  const auto name = read_known_name(*function, tools);
  if (!name) return {};
  return {Kind::Named, *name};
}

std::optional<chat::Schema> read_response_format(ObjectReader& fields) {
  auto format = fields.object("response_format");
  if (!format) return std::nullopt;
  format->require("type");
  const auto type = format->choice("type", {"text", "json_object", "json_schema"});
  if (!type || *type == "text") return std::nullopt;
  if (*type == "json_object") return chat::Schema{"", Json::object(), true};

  format->require("json_schema");
  auto described = format->object("json_schema");
  if (!described) return std::nullopt;
  const auto name = read_tool_name(*described);
  described->require("schema");
  const auto schema = described->object("schema");
  const bool strict = described->boolean("strict").value_or(true);
  if (!name || !schema) return std::nullopt;
  return chat::Schema{*name, schema->json(), strict};
}

}  // namespace melete::api::chat_completions
