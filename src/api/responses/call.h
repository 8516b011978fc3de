// The OpenAI Responses dialect as the server uses it: POST /v1/responses and
// /v1/responses/input_tokens.
//
// Nothing is stored: a conversation comes whole with each request.

#pragma once

#include "api/dialect.h"

namespace melete::api::responses {

// Reads a body, finds its model and settles its mode. A CallReader.
Result<Call> read_call(std::string_view body, const gateway::Router& router);

// The body of the answer to a request for its number of tokens. A QueryReader.
Result<std::string> count_tokens(std::string_view body, const gateway::Router& router);

}  // namespace melete::api::responses
