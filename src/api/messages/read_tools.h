// Tools, the choice among them, and the form that an answer must have, of an Anthropic Messages
// request.

#pragma once

#include <optional>
#include <vector>

#include "api/object_reader.h"
#include "chat/request.h"

namespace melete::api::messages {

// The field `tools`: the caller's own. Anthropic's tools, which run on its servers, are refused by
// name.
std::vector<chat::Tool> read_tools(ObjectReader& fields);

struct ToolWish {
  chat::ToolChoice choice;
  bool parallel = true;
};

// The field `tool_choice`, which must fit `tools`.
ToolWish read_tool_choice(ObjectReader& fields, const std::vector<chat::Tool>& tools);

// The format in `output_config`, or the older field `output_format`; nothing for plain text.
std::optional<chat::Schema> read_output_format(ObjectReader& fields);

}  // namespace melete::api::messages
