// A Responses request as OpenAI defines it, and the `melete` object that goes beyond it, to our
// vocabulary.

#pragma once

#include <string_view>

#include "api/memory.h"
#include "api/read_request.h"
#include "api/responses/state_fields.h"
#include "base/error.h"
#include "base/json.h"

namespace melete::api::responses {

struct ReadResponsesRequest {
  ReadRequest read;
  Json settings;  // what the response says of its request, by field, with the defaults of what was
                  // left out
  StateFields state;
  Json input = Json::array();    // where turns are kept: this turn's items, each with an id
  Json earlier = Json::array();  // the items of the turns before
  bool seal_reasoning = false;   // its caller wants reasoning sealed, to send it back
};

// InvalidArgument or Unsupported with the field to blame; what is named and not there is NotFound.
// `stem` is that of the response's id. O(bytes); blocks on the database where the request names
// something in it.
Result<ReadResponsesRequest> read_request(std::string_view body, const Memory& memory = {},
                                          std::string_view stem = {});

// Whether reading the body may ask the database or count tokens. Cheap, and true rather too often.
bool may_wait(std::string_view body);

}  // namespace melete::api::responses
