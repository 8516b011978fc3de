// What a server keeps between requests and between its runs: a folder with the database and the key
// that seals reasoning.

#pragma once

#include <filesystem>
#include <memory>

#include "base/error.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "models/directory_lock.h"
#include "store/database.h"
#include "store/seal.h"

namespace melete::cli {

// All empty where nothing is stored, and none moves with the state. Without the lock another server
// uses the same folder.
struct ServerState {
  std::filesystem::path folder;
  std::unique_ptr<models::DirectoryLock> lock;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<store::Seal> seal;
};

// Opens or makes `melete.db` and `seal.keys` in the folder that the settings name, or in the user's
// state directory. A folder that was asked for must work; where the usual one does not, `terminal`
// is told why and the state is empty.
Result<ServerState> open_server_state(const ServeSettings& settings, Terminal& terminal);

}  // namespace melete::cli
