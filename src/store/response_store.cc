#include "store/response_store.h"

#include <fmt/format.h>
#include <soci/soci.h>

#include <utility>

#include "store/session_pool.h"

namespace melete::store {

namespace {

using soci::into;
using soci::use;

std::unexpected<Error> unknown(std::string_view id) {
  return fail(ErrorCode::NotFound,
              fmt::format("There is no response {}: it was never stored, or it was deleted.", id));
}

// Prepares a query for whole rows, which are read into `row` one after the other.
soci::details::prepare_temp_type select_rows(soci::session& session, StoredResponse& row,
                                             int& background, std::string_view condition) {
  return session.prepare << "SELECT id, owner, status, created_at, previous_id, conversation,"
                            " background, request, input, response, last_sequence"
                            " FROM responses "
                         << std::string(condition),
         into(row.id), into(row.owner), into(row.status), into(row.created_at),
         into(row.previous_id), into(row.conversation), into(background), into(row.request),
         into(row.input), into(row.response), into(row.last_sequence);
}

}  // namespace

Result<void> ResponseStore::insert(const StoredResponse& response) {
  const int background = response.background ? 1 : 0;
  auto inserted = sessions_.write([&](soci::session& session) -> Result<void> {
    session << "INSERT INTO responses (id, owner, status, created_at, previous_id, conversation,"
               " background, request, input, response, last_sequence)"
               " VALUES (:id, :owner, :status, :created_at, :previous_id, :conversation,"
               " :background, :request, :input, :response, :last_sequence)",
        use(response.id), use(response.owner), use(response.status), use(response.created_at),
        use(response.previous_id), use(response.conversation), use(background),
        use(response.request), use(response.input), use(response.response),
        use(response.last_sequence);
    return {};
  });
  if (inserted || inserted.error().code != ErrorCode::Conflict) return inserted;
  return fail(ErrorCode::Conflict,
              fmt::format("There is a response {} already: choose another id.", response.id));
}

Result<void> ResponseStore::update(const StoredResponse& response) {
  return sessions_.write([&](soci::session& session) -> Result<void> {
    const int64_t changed = changed_rows(
        (session.prepare << "UPDATE responses SET status = :status, response = :response,"
                            " last_sequence = :last_sequence WHERE id = :id AND owner = :owner",
         use(response.status), use(response.response), use(response.last_sequence),
         use(response.id), use(response.owner)));
    if (changed == 0) return unknown(response.id);
    return {};
  });
}

Result<StoredResponse> ResponseStore::find(std::string_view id, std::string_view owner) {
  const Key key(id, owner);
  return sessions_.read([&](soci::session& session) -> Result<StoredResponse> {
    StoredResponse row;
    int background = 0;
    soci::statement statement =
        (select_rows(session, row, background, "WHERE id = :id AND owner = :owner"), use(key.id),
         use(key.owner));
    if (!statement.execute(true)) return unknown(id);
    row.background = background != 0;
    return row;
  });
}

Result<StoredTurn> ResponseStore::find_turn(std::string_view id, std::string_view owner) {
  const Key key(id, owner);
  return sessions_.read([&](soci::session& session) -> Result<StoredTurn> {
    StoredTurn turn;
    session << "SELECT status, previous_id, input, response FROM responses"
               " WHERE id = :id AND owner = :owner",
        into(turn.status), into(turn.previous_id), into(turn.input), into(turn.response),
        use(key.id), use(key.owner);
    if (!session.got_data()) return unknown(id);
    return turn;
  });
}

Result<void> ResponseStore::erase(std::string_view id, std::string_view owner) {
  const Key key(id, owner);
  return sessions_.write([&](soci::session& session) -> Result<void> {
    const int64_t changed =
        changed_rows((session.prepare << "DELETE FROM responses WHERE id = :id AND owner = :owner",
                      use(key.id), use(key.owner)));
    if (changed == 0) return unknown(id);
    return {};
  });
}

Result<int64_t> ResponseStore::erase_old(int64_t before, int most) {
  return sessions_.write([&](soci::session& session) -> Result<int64_t> {
    return changed_rows((session.prepare
                             << "DELETE FROM responses WHERE id IN"
                                " (SELECT old.id FROM responses old WHERE old.created_at < :before"
                                " AND old.status NOT IN ('queued', 'in_progress') AND NOT EXISTS"
                                " (SELECT 1 FROM responses later WHERE later.previous_id = old.id)"
                                " ORDER BY old.created_at LIMIT :most)",
                         use(before), use(most)));
  });
}

Result<std::vector<StoredResponse>> ResponseStore::unfinished() {
  return sessions_.read([&](soci::session& session) -> Result<std::vector<StoredResponse>> {
    std::vector<StoredResponse> all;
    StoredResponse row;
    int background = 0;
    soci::statement statement =
        select_rows(session, row, background,
                    "WHERE status IN ('queued', 'in_progress') ORDER BY created_at, id");
    statement.execute();
    while (statement.fetch()) {
      row.background = background != 0;
      all.push_back(row);
    }
    return all;
  });
}

}  // namespace melete::store
