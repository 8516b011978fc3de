// The items of a request that are kept here: those of the turns before, and those that it only
// refers to.

#pragma once

#include <string_view>

#include "api/memory.h"
#include "api/object_reader.h"
#include "api/responses/state_fields.h"
#include "base/json.h"

namespace melete::api::responses {

// All items before this turn, oldest first: an array, empty where the request follows nothing.
// Those of a turn that its connection keeps come from there. Blames `previous_response_id` or
// `conversation`. Blocks on the database.
Json earlier_items(ObjectReader& fields, const StateFields& state, const Memory& memory);

// This turn's `input` as it is stored: an array of items, each with its type and an id made of the
// response's `stem`, and with what it refers to in the place of a reference. Elements that are no
// objects stay as they are. Blocks on the database where there are references.
Json own_items(ObjectReader& fields, const StateFields& state, const Memory& memory,
               std::string_view stem);

}  // namespace melete::api::responses
