// The Anthropic Messages dialect as the server uses it: POST /v1/messages and
// /v1/messages/count_tokens.

#pragma once

#include "api/dialect.h"

namespace melete::api::messages {

// Reads a body, finds its model and settles its mode. A CallReader.
Result<Call> read_call(std::string_view body, const CallContext& context);

// The body of the answer to a request for its number of tokens. A QueryReader.
Result<std::string> count_tokens(std::string_view body, const CallContext& context);

// {"type": "error", "error": {"type", "message"}}, with the words of this dialect.
std::string error_body(const Error& error);

}  // namespace melete::api::messages
