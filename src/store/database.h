// The database behind the stores: SQLite in one file, reached through SOCI with SQL that PostgreSQL
// takes too.

#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "store/conversation_store.h"
#include "store/file_store.h"
#include "store/response_store.h"

namespace melete::store {

struct DatabaseOptions {
  int sessions = 4;                            // calls that run at once; at least 1
  std::chrono::milliseconds busy_time{5'000};  // to wait for a lock or a session; then Overloaded
};

// Thread-safe. Several processes may have the same file open. All stores are views of the database
// and live as long as it does.
class Database {
 public:
  // Opens the file, makes it (mode 0600) and its folder (0700) where they are missing, and brings
  // its schema up to date. Fails with Unavailable where the file cannot be opened or was written by
  // a newer Melete, with Corrupt where it is no database, and as database_error.h says. Takes
  // milliseconds.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file,
                                                const DatabaseOptions& options = {});

  ~Database();

  ResponseStore& responses() { return responses_; }
  ConversationStore& conversations() { return conversations_; }
  FileStore& files() { return files_; }

 private:
  explicit Database(std::unique_ptr<SessionPool> sessions);

  std::unique_ptr<SessionPool> sessions_;
  ResponseStore responses_;
  ConversationStore conversations_;
  FileStore files_;
};

}  // namespace melete::store
