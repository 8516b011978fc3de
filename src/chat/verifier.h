// A check that a caller gives with a request: an answer that passes it is right. As plain data, so
// that it travels like the rest of a request; src/modes/verification.h carries it out.

#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/json.h"

namespace melete::chat {

// The text contains a match of an ECMAScript pattern without back references.
struct MatchesPattern {
  std::string pattern;
};

// The text is JSON that fits a schema.
struct FitsSchema {
  std::optional<Json> schema;  // unset: that of Request::schema
};

// The short answer says the same as `value`: "1,024" and "1024.0" do.
struct EqualsValue {
  std::string value;
  double tolerance = 0;  // of numbers, absolute; at least 0
};

using Verifier = std::variant<MatchesPattern, FitsSchema, EqualsValue>;

}  // namespace melete::chat
