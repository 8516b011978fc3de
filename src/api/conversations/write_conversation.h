// A conversation as the API tells of it.

#pragma once

#include <string>

#include "base/error.h"
#include "store/conversation_store.h"

namespace melete::api::conversations {

// {"id", "object": "conversation", "created_at", "metadata"}. Corrupt where the stored metadata is
// no JSON.
Result<std::string> write_conversation(const store::Conversation& conversation);

}  // namespace melete::api::conversations
