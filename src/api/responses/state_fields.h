// The fields of a Responses request that are about other requests: whether this one is stored, what
// it follows, and what is done where the conversation has grown too long.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "api/memory.h"
#include "api/object_reader.h"

namespace melete::api::responses {

struct StateFields {
  bool store = false;        // true by default where there is a database
  bool background = false;   // needs `store`
  std::string previous_id;   // the response that this one follows; empty: none
  std::string conversation;  // the conversation that it belongs to, needs `store`; empty: none
  bool truncate = false;     // the oldest messages may be dropped
  std::optional<int64_t> compact_above;  // prompt tokens beyond which a summary replaces them
};

// Errors go to the reader. Whether what is named exists is not looked up.
StateFields read_state_fields(ObjectReader& fields, const Memory& memory);

}  // namespace melete::api::responses
