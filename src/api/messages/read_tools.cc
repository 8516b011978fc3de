#include "api/messages/read_tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "api/tool_name.h"

namespace melete::api::messages {

namespace {

constexpr size_t kMostTools = 256;

std::optional<chat::Tool> read_tool(ObjectReader& fields, const std::vector<chat::Tool>& earlier) {
  if (const auto type = fields.text("type"); type && *type != "custom") {
    fields.refuse(
        ErrorCode::Unsupported, "type",
        fmt::format(
            "{} is \"{}\", a tool that Anthropic's servers run: this server knows only your own, "
            "of type custom",
            fields.path_of("type"), *type));
    return std::nullopt;
  }
  auto name = read_tool_name(fields);
  if (!name) return std::nullopt;
  if (has_tool(earlier, *name)) {
    fields.refuse(
        ErrorCode::InvalidArgument, "name",
        fmt::format("{} is \"{}\", which another tool has already", fields.path_of("name"), *name));
  }
  fields.require("input_schema");
  const auto schema = fields.object("input_schema");
  if (!schema) return std::nullopt;
  return chat::Tool{std::move(*name), fields.text("description").value_or(""), schema->json()};
}

}  // namespace

std::vector<chat::Tool> read_tools(ObjectReader& fields) {
  std::vector<chat::Tool> tools;
  const Json* array = fields.array("tools", {.most = kMostTools});
  if (!array) return tools;
  for (size_t index = 0; index < array->size() && !fields.error(); ++index) {
    auto element = element_reader(*array, index, fields, "tools");
    if (!element) return tools;
    if (auto tool = read_tool(*element, tools)) tools.push_back(std::move(*tool));
  }
  return tools;
}

ToolWish read_tool_choice(ObjectReader& fields, const std::vector<chat::Tool>& tools) {
  using Kind = chat::ToolChoice::Kind;
  ToolWish wish;
  auto choice = fields.object("tool_choice");
  if (!choice) return wish;
  wish.parallel = !choice->boolean("disable_parallel_tool_use").value_or(false);
  choice->require("type");
  const auto type = choice->choice("type", {"auto", "any", "tool", "none"});
  if (!type || *type == "auto") return wish;
  if (*type == "none") {
    wish.choice.kind = Kind::None;
    return wish;
  }
  if (tools.empty()) {
    choice->refuse(
        ErrorCode::InvalidArgument, "type",
        fmt::format("tool_choice.type is \"{}\", but there are no tools: send some", *type));
    return wish;
  }
  if (*type == "any") {
    wish.choice.kind = Kind::Required;
    return wish;
  }
  const auto name = read_tool_name(*choice);
  if (!name) return wish;
  if (!has_tool(tools, *name)) {
    choice->refuse(
        ErrorCode::InvalidArgument, "name",
        fmt::format("tool_choice.name is \"{}\", which is not the name of one of the tools",
                    *name));
  }
  wish.choice = {Kind::Named, *name};
  return wish;
}

std::optional<chat::Schema> read_output_format(ObjectReader& fields) {
  auto config = fields.object("output_config");
  auto format = config ? config->object("format") : std::nullopt;
  if (!format) format = fields.object("output_format");
  if (!format) return std::nullopt;
  format->require("type");
  format->choice("type", {"json_schema"});
  format->require("schema");
  const auto schema = format->object("schema");
  if (!schema) return std::nullopt;
  return chat::Schema{"answer", schema->json(), true};
}

}  // namespace melete::api::messages
