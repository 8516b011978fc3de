// The JSON around calls on resources: what the caller sent, and what was stored.

#pragma once

#include <string_view>

#include "api/resource.h"
#include "base/error.h"
#include "base/json.h"

namespace melete::api {

// The request's body, an object; {} where the body is empty. InvalidArgument where it is another.
Result<Json> read_object(const ResourceRequest& request);

// A text that the store gave. Corrupt where it is no JSON.
Result<Json> read_stored(std::string_view text);

}  // namespace melete::api
