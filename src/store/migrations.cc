#include "store/migrations.h"

#include <fmt/format.h>
#include <soci/soci.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace melete::store {

namespace {

struct Step {
  int version;
  std::vector<std::string_view> statements;
};

// SQL that SQLite and PostgreSQL both take. Ids sort by the time they were made (base/ids.h), so
// lists are ordered by them. A file's content is base64 text: the two agree on no type for bytes.
const std::array<Step, 1>& steps() {
  static const std::array<Step, 1> steps{{
      {1,
       {
           "CREATE TABLE responses ("
           " id TEXT PRIMARY KEY,"
           " owner TEXT NOT NULL,"
           " status TEXT NOT NULL,"
           " created_at BIGINT NOT NULL,"
           " previous_id TEXT NOT NULL,"
           " conversation TEXT NOT NULL,"
           " background INTEGER NOT NULL,"
           " last_sequence BIGINT NOT NULL,"
           " request TEXT NOT NULL,"
           " input TEXT NOT NULL,"
           " response TEXT NOT NULL)",

           "CREATE INDEX responses_unfinished ON responses (created_at, id)"
           " WHERE status IN ('queued', 'in_progress')",

           "CREATE TABLE conversations ("
           " id TEXT PRIMARY KEY,"
           " owner TEXT NOT NULL,"
           " created_at BIGINT NOT NULL,"
           " next_position BIGINT NOT NULL,"
           " metadata TEXT NOT NULL)",

           "CREATE TABLE conversation_items ("
           " conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,"
           " position BIGINT NOT NULL,"
           " id TEXT NOT NULL,"
           " item TEXT NOT NULL,"
           " PRIMARY KEY (conversation_id, position),"
           " UNIQUE (conversation_id, id))",

           "CREATE TABLE files ("
           " id TEXT PRIMARY KEY,"
           " owner TEXT NOT NULL,"
           " created_at BIGINT NOT NULL,"
           " name TEXT NOT NULL,"
           " purpose TEXT NOT NULL,"
           " bytes BIGINT NOT NULL)",

           "CREATE INDEX files_of_owner ON files (owner, id)",

           "CREATE TABLE file_contents ("
           " file_id TEXT PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,"
           " content TEXT NOT NULL)",
       }},
  }};
  return steps;
}

int stored_version(soci::session& session) {
  int version = 0;
  session << "SELECT version FROM schema_version", soci::into(version);
  return version;
}

}  // namespace

int schema_version() {
  return steps().back().version;
}

Result<void> migrate(soci::session& session) {
  session << "CREATE TABLE IF NOT EXISTS schema_version ("
             " single INTEGER PRIMARY KEY CHECK (single = 1),"
             " version INTEGER NOT NULL)";
  const int found = stored_version(session);
  if (found == schema_version()) return {};  // nothing is written, so a full disk does not matter
  if (found > schema_version()) {
    return fail(ErrorCode::Unavailable,
                fmt::format("The database has schema version {} and this program knows versions up "
                            "to {}: run the newer Melete that changed it, or put back a copy from "
                            "before.",
                            found, schema_version()));
  }
  soci::transaction transaction(session);
  // A write first: it waits for whoever else migrates, and what is read after it is theirs.
  session << "INSERT INTO schema_version (single, version) VALUES (1, 0) ON CONFLICT DO NOTHING";
  const int now = stored_version(session);
  for (const Step& step : steps()) {
    if (step.version <= now) continue;
    for (const std::string_view statement : step.statements) session << std::string(statement);
  }
  const int reached = std::max(now, schema_version());
  session << "UPDATE schema_version SET version = :version", soci::use(reached);
  transaction.commit();
  return {};
}

}  // namespace melete::store
