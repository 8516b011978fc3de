#include "api/responses/read_tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/tools.h"

namespace melete::api::responses {

namespace {

using Kind = chat::ToolChoice::Kind;

constexpr size_t kMostAllowed = 256;

std::optional<chat::Tool> read_tool(ObjectReader& fields, const std::vector<chat::Tool>& earlier) {
  fields.require("type");
  const auto type = fields.text("type");
  if (!type) return std::nullopt;
  if (*type != "function") {
    fields.refuse(
        ErrorCode::Unsupported, "type",
        fmt::format("{} is \"{}\" and only function is supported", fields.path_of("type"), *type));
    return std::nullopt;
  }
  auto name = read_new_name(fields, earlier);
  if (!name) return std::nullopt;
  fields.boolean("strict");
  return chat::Tool{std::move(*name), fields.text("description").value_or(""),
                    parameters_or_none(fields.object("parameters"))};
}

Kind kind_from(std::string_view name) {
  if (name == "none") return Kind::None;
  return name == "required" ? Kind::Required : Kind::Auto;
}

void need_tools(ObjectReader& fields, std::string_view field, const std::vector<chat::Tool>& tools,
                Kind kind) {
  if (kind != Kind::Required || !tools.empty()) return;
  fields.refuse(
      ErrorCode::InvalidArgument, field,
      fmt::format("{} is \"required\", but there are no tools: send some", fields.path_of(field)));
}

chat::ToolChoice read_allowed(ObjectReader& choice, std::vector<chat::Tool>& tools) {
  choice.require("mode");
  choice.require("tools");
  const Kind kind = kind_from(choice.choice("mode", {"auto", "required"}).value_or("auto"));
  std::vector<chat::Tool> allowed;
  const Json* array = choice.array("tools", {.most = kMostAllowed});
  if (!array) return {};
  for (size_t index = 0; index < array->size() && !choice.error(); ++index) {
    auto element = element_reader(*array, index, choice, "tools");
    if (!element) return {};
    const auto name = read_known_name(*element, tools);
    if (name) allowed.push_back(*std::ranges::find(tools, *name, &chat::Tool::name));
  }
  tools = std::move(allowed);
  need_tools(choice, "mode", tools, kind);
  return {kind, ""};
}

}  // namespace

std::vector<chat::Tool> read_tools(ObjectReader& fields) {
  return read_tool_list(fields, read_tool);
}

chat::ToolChoice read_tool_choice(ObjectReader& fields, std::vector<chat::Tool>& tools) {
  const Json* value = fields.any("tool_choice");
  if (!value) return {};
  if (!value->is_object()) {
    const Kind kind =
        kind_from(fields.choice("tool_choice", {"auto", "none", "required"}).value_or("auto"));
    need_tools(fields, "tool_choice", tools, kind);
    return {kind, ""};
  }
  ObjectReader choice = *fields.object("tool_choice");
  choice.require("type");
  const auto type = choice.choice("type", {"function", "allowed_tools"});
  if (!type) return {};
  if (*type == "allowed_tools") return read_allowed(choice, tools);
  const auto name = read_known_name(choice, tools);
  return name ? chat::ToolChoice{Kind::Named, *name} : chat::ToolChoice{};
}

std::optional<chat::Schema> read_text_format(ObjectReader& fields) {
  auto text = fields.object("text");
  if (!text) return std::nullopt;
  text->choice("verbosity", {"medium"});
  auto format = text->object("format");
  if (!format) return std::nullopt;
  format->require("type");
  const auto type = format->choice("type", {"text", "json_object", "json_schema"});
  if (!type || *type == "text") return std::nullopt;
  if (*type == "json_object") return chat::Schema{"", Json::object(), true};
  const auto name = read_tool_name(*format);
  format->require("schema");
  const auto schema = format->object("schema");
  const bool strict = format->boolean("strict").value_or(true);
  if (!name || !schema) return std::nullopt;
  return chat::Schema{*name, schema->json(), strict};
}

}  // namespace melete::api::responses
