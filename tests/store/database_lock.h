// Another program that has the database to itself.

#pragma once

#include <filesystem>
#include <memory>

namespace melete::store {

// Holds the file as one does that writes and does not end, until destroyed.
class DatabaseLock {
 public:
  explicit DatabaseLock(const std::filesystem::path& file);
  ~DatabaseLock();
  DatabaseLock(const DatabaseLock&) = delete;
  DatabaseLock& operator=(const DatabaseLock&) = delete;

 private:
  struct Session;
  std::unique_ptr<Session> session_;
};

}  // namespace melete::store
