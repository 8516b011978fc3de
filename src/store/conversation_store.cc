#include "store/conversation_store.h"

#include <fmt/format.h>
#include <soci/soci.h>

#include <cstdint>
#include <utility>

#include "store/session_pool.h"

namespace melete::store {

namespace {

using soci::into;
using soci::use;

std::unexpected<Error> unknown(std::string_view id) {
  return fail(
      ErrorCode::NotFound,
      fmt::format("There is no conversation {}: it was never made, or it was deleted.", id));
}

std::unexpected<Error> unknown_item(std::string_view id, std::string_view item_id) {
  return fail(ErrorCode::NotFound,
              fmt::format("Conversation {} has no item {}: it was never added, or it was deleted.",
                          id, item_id));
}

// The same result, with a better sentence where an id was taken.
Result<void> naming_ids(Result<void> result) {
  if (result || result.error().code != ErrorCode::Conflict) return result;
  return fail(ErrorCode::Conflict,
              "The conversation has an item with one of these ids, or is there already: leave ids "
              "out or change them.");
}

void insert_items(soci::session& session, const std::string& id, int64_t position,
                  const std::vector<ConversationItem>& items) {
  for (const ConversationItem& item : items) {
    session << "INSERT INTO conversation_items (conversation_id, position, id, item)"
               " VALUES (:conversation_id, :position, :id, :item)",
        use(id), use(position), use(item.id), use(item.json);
    ++position;
  }
}

bool exists(soci::session& session, const Key& key) {
  int one = 0;
  session << "SELECT 1 FROM conversations WHERE id = :id AND owner = :owner", into(one),
      use(key.id), use(key.owner);
  return session.got_data();
}

// Where an item stands; 0 where there is none. Positions begin at 1.
int64_t position_of(soci::session& session, const std::string& id, const std::string& item_id) {
  int64_t position = 0;
  session << "SELECT position FROM conversation_items WHERE conversation_id = :id AND id = :item",
      into(position), use(id), use(item_id);
  return position;
}

// The items behind `position` in the page's order, one more than the page takes if there is one.
std::vector<ConversationItem> items_after(soci::session& session, const std::string& id,
                                          int64_t position, const Page& page) {
  std::vector<ConversationItem> items;
  ConversationItem item;
  const int limit = page.limit + 1;
  soci::statement statement =
      (session.prepare << "SELECT id, item FROM conversation_items WHERE conversation_id = :id"
                       << (page.ascending ? " AND position > :position ORDER BY position ASC"
                                          : " AND position < :position ORDER BY position DESC")
                       << " LIMIT :limit",
       into(item.id), into(item.json), use(id), use(position), use(limit));
  statement.execute();
  while (statement.fetch()) items.push_back(item);
  return items;
}

}  // namespace

Result<void> ConversationStore::create(const Conversation& conversation,
                                       const std::vector<ConversationItem>& items) {
  const auto next_position = static_cast<int64_t>(items.size()) + 1;
  return naming_ids(sessions_.write([&](soci::session& session) -> Result<void> {
    session << "INSERT INTO conversations (id, owner, created_at, next_position, metadata)"
               " VALUES (:id, :owner, :created_at, :next_position, :metadata)",
        use(conversation.id), use(conversation.owner), use(conversation.created_at),
        use(next_position), use(conversation.metadata);
    insert_items(session, conversation.id, 1, items);
    return {};
  }));
}

Result<Conversation> ConversationStore::find(std::string_view id, std::string_view owner) {
  return sessions_.read([&](soci::session& session) -> Result<Conversation> {
    Conversation found{.id = std::string(id), .owner = std::string(owner)};
    session << "SELECT created_at, metadata FROM conversations WHERE id = :id AND owner = :owner",
        into(found.created_at), into(found.metadata), use(found.id), use(found.owner);
    if (!session.got_data()) return unknown(id);
    return found;
  });
}

Result<void> ConversationStore::update_metadata(std::string_view id, std::string_view owner,
                                                std::string_view metadata) {
  const Key key(id, owner);
  const std::string text(metadata);
  return sessions_.write([&](soci::session& session) -> Result<void> {
    const int64_t changed = changed_rows(
        (session.prepare
             << "UPDATE conversations SET metadata = :metadata WHERE id = :id AND owner = :owner",
         use(text), use(key.id), use(key.owner)));
    if (changed == 0) return unknown(id);
    return {};
  });
}

Result<void> ConversationStore::erase(std::string_view id, std::string_view owner) {
  const Key key(id, owner);
  return sessions_.write([&](soci::session& session) -> Result<void> {
    const int64_t changed = changed_rows(
        (session.prepare << "DELETE FROM conversations WHERE id = :id AND owner = :owner",
         use(key.id), use(key.owner)));
    if (changed == 0) return unknown(id);
    return {};
  });
}

Result<void> ConversationStore::add_items(std::string_view id, std::string_view owner,
                                          const std::vector<ConversationItem>& items) {
  const Key key(id, owner);
  const auto count = static_cast<int64_t>(items.size());
  return naming_ids(sessions_.write([&](soci::session& session) -> Result<void> {
    const int64_t changed = changed_rows(
        (session.prepare << "UPDATE conversations SET next_position = next_position + :count"
                            " WHERE id = :id AND owner = :owner",
         use(count), use(key.id), use(key.owner)));
    if (changed == 0) return unknown(id);
    int64_t next_position = 0;
    session << "SELECT next_position FROM conversations WHERE id = :id", into(next_position),
        use(key.id);
    insert_items(session, key.id, next_position - count, items);
    return {};
  }));
}

Result<PageOf<ConversationItem>> ConversationStore::items(std::string_view id,
                                                          std::string_view owner,
                                                          const Page& page) {
  const Key key(id, owner);
  return sessions_.read([&](soci::session& session) -> Result<PageOf<ConversationItem>> {
    if (!exists(session, key)) return unknown(id);
    int64_t position = page.ascending ? 0 : INT64_MAX;
    if (!page.after.empty()) {
      position = position_of(session, key.id, page.after);
      if (position == 0) return unknown_item(id, page.after);
    }
    return cut_page(items_after(session, key.id, position, page), page);
  });
}

Result<ConversationItem> ConversationStore::item(std::string_view id, std::string_view owner,
                                                 std::string_view item_id) {
  const Key key(id, owner);
  return sessions_.read([&](soci::session& session) -> Result<ConversationItem> {
    if (!exists(session, key)) return unknown(id);
    ConversationItem item{.id = std::string(item_id)};
    session << "SELECT item FROM conversation_items WHERE conversation_id = :id AND id = :item_id",
        into(item.json), use(key.id), use(item.id);
    if (!session.got_data()) return unknown_item(id, item_id);
    return item;
  });
}

Result<void> ConversationStore::erase_item(std::string_view id, std::string_view owner,
                                           std::string_view item_id) {
  const Key key(id, owner);
  const std::string item(item_id);
  return sessions_.write([&](soci::session& session) -> Result<void> {
    const int64_t changed = changed_rows(
        (session.prepare << "DELETE FROM conversation_items"
                            " WHERE conversation_id = :id AND id = :item_id AND conversation_id IN"
                            " (SELECT id FROM conversations WHERE id = :id2 AND owner = :owner)",
         use(key.id), use(item), use(key.id), use(key.owner)));
    if (changed > 0) return {};
    if (!exists(session, key)) return unknown(id);
    return unknown_item(id, item_id);
  });
}

}  // namespace melete::store
