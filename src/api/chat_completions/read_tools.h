// Tools, the choice among them, and the form that an answer must have.

#pragma once

#include <optional>
#include <vector>

#include "api/object_reader.h"
#include "chat/request.h"

namespace melete::api::chat_completions {

// The field `tools`; errors go to the reader.
std::vector<chat::Tool> read_tools(ObjectReader& fields);

// The field `tool_choice`, which must fit `tools`.
chat::ToolChoice read_tool_choice(ObjectReader& fields, const std::vector<chat::Tool>& tools);

// The field `response_format`; nothing for plain text. A JSON schema is kept strictly unless
// `strict` is false.
std::optional<chat::Schema> read_response_format(ObjectReader& fields);

}  // namespace melete::api::chat_completions
