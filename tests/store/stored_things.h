// What tests of the store share: a folder that goes away, a database in it, a response to store.

#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "store/database.h"

namespace melete::store {

// A new folder, removed with all it holds.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A database of its own for one test.
class TemporaryDatabase {
 public:
  explicit TemporaryDatabase(const DatabaseOptions& options = {});

  std::filesystem::path file() const { return folder_.path() / "melete.db"; }
  Database& operator*() { return *database_; }
  Database* operator->() { return database_.get(); }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Database> database_;
};

// A whole response: one question, one answer.
StoredResponse sample_response(const std::string& id, const std::string& owner = "alice");

}  // namespace melete::store
