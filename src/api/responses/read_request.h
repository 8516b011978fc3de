// A Responses request as OpenAI defines it, and the `melete` object that goes beyond it, to our
// vocabulary.

#pragma once

#include <string_view>

#include "api/read_request.h"
#include "base/error.h"
#include "base/json.h"

namespace melete::api::responses {

struct ReadResponsesRequest {
  ReadRequest read;
  Json settings;  // what the response says of its request, by field, with the defaults of what was
                  // left out
};

// InvalidArgument or Unsupported with the field to blame. O(bytes).
Result<ReadResponsesRequest> read_request(std::string_view body);

}  // namespace melete::api::responses
