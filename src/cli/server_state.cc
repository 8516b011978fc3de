#include "cli/server_state.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <stop_token>
#include <utility>

#include "models/user_directories.h"

namespace melete::cli {
namespace {

// How long an answer's end waits, at most twice, for a database that another program has locked.
constexpr auto kBusyTime = std::chrono::seconds(2);

// Null where another process has it.
std::unique_ptr<models::DirectoryLock> try_lock(const std::filesystem::path& folder) {
  std::stop_source at_once;
  at_once.request_stop();
  auto lock = models::DirectoryLock::acquire(folder, at_once.get_token(), [] {});
  if (!lock) return nullptr;
  return std::make_unique<models::DirectoryLock>(std::move(*lock));
}

Result<ServerState> open_in(const std::filesystem::path& folder) {
  ServerState state;
  state.folder = folder;
  auto database = store::Database::open(folder / "melete.db", {.busy_time = kBusyTime});
  if (!database) return std::unexpected(database.error());
  state.database = std::move(*database);
  auto seal = store::Seal::open(folder / "seal.keys", store::SealPurpose::Reasoning);
  if (!seal) return std::unexpected(seal.error());
  state.seal = std::make_unique<store::Seal>(std::move(*seal));
  state.lock = try_lock(folder);
  return state;
}

}  // namespace

Result<ServerState> open_server_state(const ServeSettings& settings, Terminal& terminal) {
  if (!settings.store.value_or(true)) return ServerState{};
  if (settings.data) return open_in(*settings.data);
  auto state = open_in(models::user_state_directory());
  if (state) return state;
  terminal.line(
      fmt::format("nothing will be stored: {} Name another folder with --data, or say "
                  "--no-store.",
                  state.error().message));
  return ServerState{};
}

}  // namespace melete::cli
