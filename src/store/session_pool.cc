#include "store/session_pool.h"

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>
#include <sys/stat.h>

#include <utility>

#include "store/migrations.h"
#include "store/schema.h"

namespace melete::store {

namespace {

// NORMAL: a commit is written to the log before it is told, but the disk is not waited for. What a
// killed process wrote is the kernel's by then and cannot be lost; a power cut may lose the last
// commits, each as a whole, and leaves a database that is sound. FULL would keep those too, for a
// wait of milliseconds on every event of every answer.
constexpr std::string_view kSynchronous = "PRAGMA synchronous = NORMAL";

// What the log may keep of the disk after a large upload passed through it.
constexpr std::string_view kLogBytes = "PRAGMA journal_size_limit = 16777216";

void open_session(soci::session& session, const std::string& file,
                  std::chrono::milliseconds busy_time) {
  session.open(*soci::factory_sqlite3(), fmt::format("db=\"{}\"", file));
  session << fmt::format("PRAGMA busy_timeout = {}", busy_time.count());
  session << "PRAGMA foreign_keys = ON";
  session << std::string(kSynchronous);
  session << std::string(kLogBytes);
}

// Readers then see the last commit without waiting for a writer. The mode is the file's own and
// stays.
Result<void> keep_log_ahead(soci::session& session) {
  std::string mode;
  session << "PRAGMA journal_mode = WAL", soci::into(mode);
  if (mode == "wal") return {};
  return fail(
      ErrorCode::Unavailable,
      fmt::format("The database cannot keep a write-ahead log where it lies (its mode stays "
                  "{}): put it on a local disk.",
                  mode));
}

}  // namespace

SessionPool::SessionPool(std::filesystem::path file, int readers,
                         std::chrono::milliseconds busy_time)
    : file_(std::move(file)),
      busy_time_(busy_time),
      readers_(static_cast<size_t>(readers)),
      writer_(1) {}

Result<std::unique_ptr<SessionPool>> SessionPool::open(const std::filesystem::path& file,
                                                       int readers,
                                                       std::chrono::milliseconds busy_time) {
  // SOCI's connection text has no way to say a quotation mark.
  if (file.string().find('"') != std::string::npos) {
    return fail(ErrorCode::InvalidArgument,
                "The database's path holds a quotation mark: choose another name.");
  }
  auto pool = std::unique_ptr<SessionPool>(new SessionPool(file, readers, busy_time));
  try {
    soci::session& writer = pool->writer_.at(0);
    open_session(writer, file.string(), busy_time);
    if (auto kept = keep_log_ahead(writer); !kept) return std::unexpected(kept.error());
    if (auto migrated = migrate(writer, schema_steps()); !migrated)
      return std::unexpected(migrated.error());
    for (int index = 0; index < readers; ++index) {
      open_session(pool->readers_.at(static_cast<size_t>(index)), file.string(), busy_time);
    }
  } catch (const std::exception& thrown) {
    return std::unexpected(error_of(thrown));
  }
  struct stat found{};
  if (stat(file.c_str(), &found) == 0) {
    pool->device_ = found.st_dev;
    pool->inode_ = found.st_ino;
  }
  return pool;
}

Result<void> SessionPool::check_file() const {
  struct stat found{};
  const bool there = stat(file_.c_str(), &found) == 0;
  if (there && found.st_dev == device_ && found.st_ino == inode_) return {};
  return fail(ErrorCode::Unavailable,
              "The database's file was moved, deleted or replaced while it was open: put it back, "
              "or restart to begin a new one.");
}

Error SessionPool::no_session() {
  return {ErrorCode::Overloaded,
          "The database has more to do than it can: try again, or send fewer requests."};
}

SessionPool::Lease::Lease(soci::connection_pool& pool, std::chrono::milliseconds busy_time)
    : pool_(pool), held_(pool.try_lease(place_, static_cast<int>(busy_time.count()))) {}

SessionPool::Lease::~Lease() {
  if (held_) pool_.give_back(place_);
}

int64_t changed_rows(soci::statement statement) {
  statement.execute(true);
  return statement.get_affected_rows();
}

}  // namespace melete::store
