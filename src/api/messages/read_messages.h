// The conversation of an Anthropic Messages request: the system text and the content blocks.

#pragma once

#include <vector>

#include "api/object_reader.h"
#include "chat/message.h"

namespace melete::api::messages {

// The fields `system` and `messages`; the system text comes first. Gives what could be read; errors
// go to the reader. Turns of one role that follow each other become one. The results of tools come
// apart from what the user says beside them, and each must answer a call of the assistant's turn
// before it.
std::vector<chat::Message> read_messages(ObjectReader& fields);

}  // namespace melete::api::messages
