// Conversations: lists of items that grow as turns are added to them.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "store/page.h"

namespace melete::store {

class SessionPool;

struct Conversation {
  std::string id;
  std::string owner;            // a digest of the caller's key; empty where there are no keys
  int64_t created_at = 0;       // seconds since 1970
  std::string metadata = "{}";  // JSON object
};

struct ConversationItem {
  std::string id;    // unique within its conversation
  std::string json;  // the item, JSON, with its id
};

// Thread-safe; every call blocks on the database, so it belongs on a worker thread. Every call
// fails with NotFound for an unknown id and for another owner's alike, and beyond that as
// database_error.h says: Overloaded, StorageFull, Unavailable or Corrupt.
class ConversationStore {
 public:
  explicit ConversationStore(SessionPool& sessions) : sessions_(sessions) {}

  // Keeps a new conversation together with its first items. Conflict where its id is taken or two
  // items have the same id.
  Result<void> create(const Conversation& conversation,
                      const std::vector<ConversationItem>& items = {});

  Result<Conversation> find(std::string_view id, std::string_view owner);

  // Puts `metadata`, a JSON object, in place of what was there.
  Result<void> update_metadata(std::string_view id, std::string_view owner,
                               std::string_view metadata);

  // Erases the conversation and its items.
  Result<void> erase(std::string_view id, std::string_view owner);

  // Adds all items at the end, in their order, or none: Conflict where an id is there already.
  Result<void> add_items(std::string_view id, std::string_view owner,
                         const std::vector<ConversationItem>& items);

  // NotFound also where `page.after` is no item of the conversation.
  Result<PageOf<ConversationItem>> items(std::string_view id, std::string_view owner,
                                         const Page& page);

  Result<ConversationItem> item(std::string_view id, std::string_view owner,
                                std::string_view item_id);

  Result<void> erase_item(std::string_view id, std::string_view owner, std::string_view item_id);

 private:
  SessionPool& sessions_;
};

}  // namespace melete::store
