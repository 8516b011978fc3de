// Messages of a Chat Completions request: roles, text, pictures, sound, tool calls and their
// results.

#pragma once

#include <vector>

#include "api/object_reader.h"
#include "chat/message.h"

namespace melete::api::chat_completions {

// The field `messages`. Gives what could be read; errors go to the reader. A tool's message must
// answer a call that an earlier message made.
std::vector<chat::Message> read_messages(ObjectReader& fields);

}  // namespace melete::api::chat_completions
