// JSON where a tree is built: nlohmann/json under one name, with parsing as a value.

#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "base/error.h"

namespace melete {

using Json = nlohmann::ordered_json;

struct JsonLimits {
  int depth = 128;  // nested arrays and objects; at least 1
};

// Reads one JSON document. Fails with InvalidArgument on a syntax error (with its byte position),
// on invalid UTF-8, beyond `limits.depth` and where an object has many thousands of members.
// O(bytes).
Result<Json> parse_json(std::string_view text, JsonLimits limits = {});

// Writes compactly; invalid UTF-8 inside strings becomes U+FFFD, so this never throws.
std::string write_json(const Json& value);

}  // namespace melete
