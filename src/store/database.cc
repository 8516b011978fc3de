#include "store/database.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

#include "store/session_pool.h"

namespace melete::store {

namespace {

constexpr std::chrono::milliseconds kRetryInterval{10};

// Makes the folder where it is missing, for this user alone.
Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.empty() || std::filesystem::exists(folder, error)) return {};
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (!error) return {};
  return fail(
      ErrorCode::StorageFull,
      fmt::format("The folder of the database cannot be made ({}): make it, or name another.",
                  error.message()));
}

// Makes an empty file that only this user may read, unless there is one; SQLite makes its log with
// the same mode. An existing file is not even opened: to close it again would drop the locks that
// this process may hold on it. What could not be made is told when it is opened.
void make_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0) ::close(descriptor);
}

// Tries for as long as the busy time: while another process makes the same database, SQLite may say
// "locked" without waiting.
Result<std::unique_ptr<SessionPool>> open_sessions(const std::filesystem::path& file,
                                                   const DatabaseOptions& options) {
  if (auto made = make_folder(file.parent_path()); !made) return std::unexpected(made.error());
  make_file(file);
  const auto give_up = std::chrono::steady_clock::now() + options.busy_time;
  while (true) {
    auto sessions = SessionPool::open(file, std::max(1, options.sessions), options.busy_time);
    if (sessions || sessions.error().code != ErrorCode::Overloaded) return sessions;
    if (std::chrono::steady_clock::now() >= give_up) return sessions;
    std::this_thread::sleep_for(kRetryInterval);
  }
}

}  // namespace

Database::Database(std::unique_ptr<SessionPool> sessions)
    : sessions_(std::move(sessions)),
      responses_(*sessions_),
      conversations_(*sessions_),
      files_(*sessions_) {}

Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& file,
                                                 const DatabaseOptions& options) {
  auto sessions = open_sessions(file, options);
  if (sessions) return std::unique_ptr<Database>(new Database(std::move(*sessions)));
  Error error = sessions.error();
  error.message = fmt::format("{} ({})", error.message, file.string());
  error.parameter = file.string();
  return std::unexpected(std::move(error));
}

}  // namespace melete::store
