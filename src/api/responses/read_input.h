// The items of a Responses request: messages, reasoning, calls of functions and what they gave.

#pragma once

#include <vector>

#include "api/object_reader.h"
#include "chat/message.h"

namespace melete::api::responses {

// The fields `instructions` and `input`, a text or items. Gives what could be read; errors go to
// the reader. What the assistant did in one turn (reasoning, text, calls) becomes one message. The
// output of a call must follow it.
std::vector<chat::Message> read_input(ObjectReader& fields);

}  // namespace melete::api::responses
