// The items of a Responses request: messages, reasoning, calls of functions and what they gave.

#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "api/memory.h"
#include "api/object_reader.h"
#include "chat/message.h"

namespace melete::api::responses {

// Of `input`.
inline constexpr size_t kMostItems = 100'000;

// Where the items stand, beside the request itself.
struct InputItems {
  Json earlier = Json::array();  // those of the turns before
  std::string earlier_name;      // the field that names those turns, for errors
  const Json* own = nullptr;     // what stands in the place of `input`; null: `input` itself
};

// The field `instructions`, the items of the turns before, and `input`, a text or items. Gives what
// could be read; errors go to the reader. What the assistant did in one turn (reasoning, text,
// calls) becomes one message. The output of a call must follow it.
std::vector<chat::Message> read_input(ObjectReader& fields, const InputItems& items,
                                      const Memory& memory);

}  // namespace melete::api::responses
