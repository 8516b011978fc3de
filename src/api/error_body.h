// Errors as OpenAI's clients expect them: {"error": {"message", "type", "param", "code"}}.

#pragma once

#include <string>

#include "base/error.h"
#include "base/json.h"

namespace melete::api {

// The JSON body of an error in a dialect's form; each dialect has one.
using ErrorWriter = std::string (*)(const Error& error);

// The object under "error". `param` is null without a parameter; `code` is the error's name, except
// that an unknown model is "model_not_found" and an unknown answer to go on from
// "previous_response_not_found".
Json openai_error(const Error& error);

// The whole body.
std::string openai_error_body(const Error& error);

}  // namespace melete::api
