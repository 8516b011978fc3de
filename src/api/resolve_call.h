// Finds the models that a request names and settles its mode: what all dialects do once a body is
// read.

#pragma once

#include <string>

#include "api/read_request.h"
#include "base/error.h"
#include "gateway/router.h"

namespace melete::api {

struct ResolvedCall {
  chat::Request request;  // with served names
  std::string
      wire_name;  // the model as the caller named it, or as it is served where he named none
};

// NotFound and InvalidArgument with the field to blame.
Result<ResolvedCall> resolve_call(ReadRequest read, const gateway::Router& router);

}  // namespace melete::api
