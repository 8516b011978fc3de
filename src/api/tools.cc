#include "api/tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>
#include <variant>

namespace melete::api {

namespace {

bool has_tool(const std::vector<chat::Tool>& tools, const std::string& name) {
  return std::ranges::find(tools, name, &chat::Tool::name) != tools.end();
}

}  // namespace

std::optional<std::string> read_tool_name(ObjectReader& fields, size_t most_bytes) {
  fields.require("name");
  auto name = fields.text("name", {.least_bytes = 1, .most_bytes = most_bytes});
  if (!name) return std::nullopt;
  const bool plain = std::ranges::all_of(*name, [](unsigned char character) {
    return std::isalnum(character) || character == '_' || character == '-';
  });
  if (plain) return name;
  fields.refuse(ErrorCode::InvalidArgument, "name",
                fmt::format("{} is \"{}\" and may hold letters, digits, _ and - only",
                            fields.path_of("name"), *name));
  return std::nullopt;
}

std::optional<std::string> read_new_name(ObjectReader& fields,
                                         const std::vector<chat::Tool>& earlier,
                                         size_t most_bytes) {
  auto name = read_tool_name(fields, most_bytes);
  if (name && has_tool(earlier, *name)) {
    fields.refuse(
        ErrorCode::InvalidArgument, "name",
        fmt::format("{} is \"{}\", which another tool has already", fields.path_of("name"), *name));
  }
  return name;
}

std::optional<std::string> read_known_name(ObjectReader& fields,
                                           const std::vector<chat::Tool>& tools,
                                           size_t most_bytes) {
  auto name = read_tool_name(fields, most_bytes);
  if (!name || has_tool(tools, *name)) return name;
  fields.refuse(ErrorCode::InvalidArgument, "name",
                fmt::format("{} is \"{}\", which is not the name of one of the tools",
                            fields.path_of("name"), *name));
  return std::nullopt;
}

std::vector<chat::Tool> read_tool_list(ObjectReader& fields, ToolReader read) {
  constexpr size_t kMostTools = 256;
  std::vector<chat::Tool> tools;
  const Json* array = fields.array("tools", {.most = kMostTools});
  if (!array) return tools;
  for (size_t index = 0; index < array->size() && !fields.error(); ++index) {
    auto element = element_reader(*array, index, fields, "tools");
    if (!element) return tools;
    if (auto tool = read(*element, tools)) tools.push_back(std::move(*tool));
  }
  return tools;
}

Json parameters_or_none(const std::optional<ObjectReader>& parameters) {
  if (parameters) return parameters->json();
  return {{"type", "object"}, {"properties", Json::object()}};
}

void KnownCalls::add(const chat::Message& message) {
  for (const chat::Part& part : message.parts) {
    if (const auto* call = std::get_if<chat::ToolCall>(&part)) add(call->id, call->name);
  }
}

const std::string* KnownCalls::name_of(const std::string& id) const {
  const auto found = names_.find(id);
  return found == names_.end() ? nullptr : &found->second;
}

}  // namespace melete::api
