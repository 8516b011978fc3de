// What was said before a response: the items of all turns that it follows, for the next turn's
// prompt.

#pragma once

#include <cstddef>
#include <string_view>

#include "base/error.h"
#include "base/json.h"
#include "store/response_store.h"

namespace melete::store {

struct HistoryLimits {
  int turns = 1'000;         // the most responses in a chain; at least 1
  size_t bytes = 32u << 20;  // the most JSON text of their inputs and responses together
};

// Walks from response `id` back along `previous_id` and gives all items, input then output of each
// turn, oldest turn first, that of `id` last. An array.
//
// NotFound where a response of the chain is missing or another owner's, Conflict where one is still
// being written or the chain is a circle, TooLarge beyond a limit, Corrupt where a stored text is
// no JSON; and what the database says. One query for each turn.
Result<Json> history(ResponseStore& responses, std::string_view id, std::string_view owner,
                     HistoryLimits limits = {});

}  // namespace melete::store
