// An Anthropic Messages request, and the `melete` object that goes beyond it, to our vocabulary.
//
// A conversation may end with the assistant: that text is the beginning of the answer. `thinking`
// that is enabled or adaptive asks for the mode Thinking; its budget counts within max_tokens, as
// Anthropic's does.

#pragma once

#include <string_view>

#include "api/read_request.h"
#include "base/error.h"

namespace melete::api::messages {

// What a request is for: an answer, which needs max_tokens, or the number of its tokens.
enum class Purpose { Answer, Count };

// InvalidArgument or Unsupported with the field to blame. O(bytes).
Result<ReadRequest> read_request(std::string_view body, Purpose purpose);

}  // namespace melete::api::messages
