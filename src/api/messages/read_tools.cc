#include "api/messages/read_tools.h"

#include <fmt/format.h>

#include <utility>

#include "api/tools.h"

namespace melete::api::messages {

namespace {

constexpr size_t kMostNameBytes = 128;  // Anthropic's limit

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
  auto name = read_new_name(fields, earlier, kMostNameBytes);
  if (!name) return std::nullopt;
  fields.require("input_schema");
  const auto schema = fields.object("input_schema");
  if (!schema) return std::nullopt;
  return chat::Tool{std::move(*name), fields.text("description").value_or(""), schema->json()};
}

}  // namespace

std::vector<chat::Tool> read_tools(ObjectReader& fields) {
  return read_tool_list(fields, read_tool);
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
  const auto name = read_known_name(*choice, tools, kMostNameBytes);
  if (!name) return wish;
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
