// The OpenAI Responses dialect as the server uses it: POST /v1/responses and
// /v1/responses/input_tokens.
//
// With a database answers are stored unless the caller says otherwise, and a request may follow
// them; without one a conversation comes whole with each request.

#pragma once

#include "api/dialect.h"
#include "api/responses/output_items.h"

namespace melete::api::responses {

// Reads a body, finds its model and settles its mode. A CallReader.
Result<Call> read_call(std::string_view body, const CallContext& context);

// The call of a response that was left queued, under its old id. Errors as read_call().
Result<Call> read_again(const store::StoredResponse& queued, const CallContext& context);

// Seals texts for the owner of `memory`, which must have a seal.
Sealer sealer(const Memory& memory);

// The body of the answer to a request for its number of tokens. A QueryReader.
Result<std::string> count_tokens(std::string_view body, const CallContext& context);

}  // namespace melete::api::responses
