// A Chat Completions request as OpenAI defines it, and the `melete` object that goes beyond it, to
// our vocabulary.

#pragma once

#include <string_view>

#include "api/read_request.h"
#include "base/error.h"

namespace melete::api::chat_completions {

// InvalidArgument or Unsupported with the field to blame. O(bytes).
Result<ReadRequest> read_request(std::string_view body);

}  // namespace melete::api::chat_completions
