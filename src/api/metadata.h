// The texts that a caller pins to what is kept: up to 16 pairs.

#pragma once

#include <optional>

#include "api/object_reader.h"
#include "base/json.h"

namespace melete::api {

// The field `metadata`: an object of at most 16 keys of 1 to 64 bytes, each with a text of at most
// 512. Nothing where it is absent or wrong; errors go to the reader.
std::optional<Json> read_metadata(ObjectReader& fields);

}  // namespace melete::api
