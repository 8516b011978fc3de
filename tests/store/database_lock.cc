#include "store/database_lock.h"

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace melete::store {

struct DatabaseLock::Session {
  soci::session sql;
};

DatabaseLock::DatabaseLock(const std::filesystem::path& file)
    : session_(std::make_unique<Session>()) {
  session_->sql.open(*soci::factory_sqlite3(), file.string());
  session_->sql << "BEGIN IMMEDIATE";
}

DatabaseLock::~DatabaseLock() = default;

}  // namespace melete::store
