// Tools, the choice among them, and the form that an answer must have, of a Responses request.

#pragma once

#include <optional>
#include <vector>

#include "api/object_reader.h"
#include "chat/request.h"

namespace melete::api::responses {

// The field `tools`: functions. OpenAI's tools, which run on its servers, are refused by name.
std::vector<chat::Tool> read_tools(ObjectReader& fields);

// The field `tool_choice`, which must fit `tools`. Where it allows only some of them, the others
// are taken out.
chat::ToolChoice read_tool_choice(ObjectReader& fields, std::vector<chat::Tool>& tools);

// The format in `text`; nothing for plain text.
std::optional<chat::Schema> read_text_format(ObjectReader& fields);

}  // namespace melete::api::responses
