// The body of a call: JSON, and an object.

#pragma once

#include <string_view>

#include "base/error.h"
#include "base/json.h"

namespace melete::api {

// InvalidArgument where the body is no JSON or no object; then the message shows `example`, a body
// as this call takes it.
Result<Json> parse_body(std::string_view body, std::string_view example);

}  // namespace melete::api
