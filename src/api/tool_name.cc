#include "api/tool_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace melete::api {

std::optional<std::string> read_tool_name(ObjectReader& fields) {
  constexpr size_t kMostNameBytes = 64;
  fields.require("name");
  auto name = fields.text("name", {.least_bytes = 1, .most_bytes = kMostNameBytes});
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

bool has_tool(const std::vector<chat::Tool>& tools, const std::string& name) {
  return std::ranges::find(tools, name, &chat::Tool::name) != tools.end();
}

}  // namespace melete::api
