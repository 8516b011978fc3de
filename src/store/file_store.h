// Files that callers upload and name in later requests.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"
#include "store/page.h"

namespace melete::store {

class SessionPool;

struct File {
  std::string id;
  std::string owner;       // a digest of the caller's key; empty where there are no keys
  int64_t created_at = 0;  // seconds since 1970
  std::string name;        // as the caller gave it; only ever told, never opened
  std::string purpose;     // e.g. "user_data"
  int64_t bytes = 0;       // the content's length; set by add
};

// Thread-safe; every call blocks on the database, so it belongs on a worker thread. Every call
// fails with NotFound for an unknown id and for another owner's alike, and beyond that as
// database_error.h says: Overloaded, StorageFull, Unavailable or Corrupt.
class FileStore {
 public:
  explicit FileStore(SessionPool& sessions) : sessions_(sessions) {}

  // Keeps a file with its content and gives it back with its length. Conflict where the id is
  // taken.
  Result<File> add(File file, std::string_view content);

  // The owner's files, those of `purpose` alone unless it is empty. NotFound where `page.after` is
  // none of the owner's files.
  Result<PageOf<File>> list(std::string_view owner, std::string_view purpose, const Page& page);

  Result<File> find(std::string_view id, std::string_view owner);
  Result<std::string> content(std::string_view id, std::string_view owner);
  Result<void> erase(std::string_view id, std::string_view owner);

 private:
  SessionPool& sessions_;
};

}  // namespace melete::store
