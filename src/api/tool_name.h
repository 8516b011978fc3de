// Names of tools, which every dialect limits alike.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/object_reader.h"
#include "chat/request.h"

namespace melete::api {

// The field `name`, which must be there: 1 to 64 letters, digits, `_` and `-`.
std::optional<std::string> read_tool_name(ObjectReader& fields);

bool has_tool(const std::vector<chat::Tool>& tools, const std::string& name);

}  // namespace melete::api
