#include "store/migrations.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace melete::store {

namespace {

int stored_version(soci::session& session) {
  int version = 0;
  session << "SELECT version FROM schema_version", soci::into(version);
  return version;
}

}  // namespace

Result<void> migrate(soci::session& session, std::span<const Migration> steps) {
  session << "CREATE TABLE IF NOT EXISTS schema_version ("
             " single INTEGER PRIMARY KEY CHECK (single = 1),"
             " version INTEGER NOT NULL)";
  const int known = steps.back().version;
  const int found = stored_version(session);
  if (found == known) return {};  // nothing is written, so a full disk does not matter
  if (found > known) {
    return fail(ErrorCode::Unavailable,
                fmt::format("The database has schema version {} and this program knows versions up "
                            "to {}: run the newer Melete that changed it, or put back a copy from "
                            "before.",
                            found, known));
  }
  soci::transaction transaction(session);
  // A write first: it waits for whoever else migrates, and what is read after it is theirs.
  session << "INSERT INTO schema_version (single, version) VALUES (1, 0) ON CONFLICT DO NOTHING";
  const int now = stored_version(session);
  for (const Migration& step : steps) {
    if (step.version <= now) continue;
    for (const std::string_view statement : step.statements) session << std::string(statement);
  }
  const int reached = std::max(now, known);
  session << "UPDATE schema_version SET version = :version", soci::use(reached);
  transaction.commit();
  return {};
}

}  // namespace melete::store
