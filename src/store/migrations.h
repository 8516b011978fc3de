// How a schema is brought up to date: by steps, each of which leads from one version to the next.

#pragma once

#include <soci/soci.h>

#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace melete::store {

struct Migration {
  int version;                               // that it leads to
  std::vector<std::string_view> statements;  // SQL that SQLite and PostgreSQL both take
};

// Applies those of `steps`, which are in order, that the database lacks, in one transaction; of
// several processes that do so at once, one works and the others find it done. Unavailable where
// the database is ahead of the last step. Throws what SOCI throws; nothing is changed then.
Result<void> migrate(soci::session& session, std::span<const Migration> steps);

}  // namespace melete::store
