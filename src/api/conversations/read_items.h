// Items that a caller adds to a conversation, as they are kept: checked, each with an id, the
// content of a message as parts.

#pragma once

#include <string_view>
#include <vector>

#include "api/object_reader.h"
#include "store/conversation_store.h"

namespace melete::api::conversations {

// The items of the field `items`, each with the id that it came with or a new one. What an item has
// beyond what is checked is kept with it. Errors go to the reader; then what is given means
// nothing.
//
// What only shows when a response uses them is not looked at: whether a picture can be read,
// whether an output's call is there.
std::vector<store::ConversationItem> read_items(ObjectReader& fields, ArrayLimits count);

}  // namespace melete::api::conversations
