// The Chat Completions dialect as the server uses it: POST /v1/chat/completions.

#pragma once

#include "api/dialect.h"

namespace melete::api::chat_completions {

// Reads a body, finds its model and settles its mode. A CallReader.
Result<Call> read_call(std::string_view body, const CallContext& context);

}  // namespace melete::api::chat_completions
