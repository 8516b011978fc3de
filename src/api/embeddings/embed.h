// OpenAI's embeddings as the server uses them: POST /v1/embeddings.

#pragma once

#include "api/dialect.h"

namespace melete::api::embeddings {

// Reads a body, has its model embed the inputs, and gives the body of the answer. A
// LongQueryReader.
Result<std::string> embed(std::string_view body, const gateway::Router& router,
                          std::stop_token stop);

}  // namespace melete::api::embeddings
