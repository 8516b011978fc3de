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

// Makes an empty file that only this user may read, unless there is one; SQLite makes its log with
// the same mode. An existing file is not even opened: to close it again would drop the locks that
// this process may hold on it.
Result<void> make_file(const std::filesystem::path& file) {
  std::error_code error;
  const std::filesystem::path folder = file.parent_path();
  if (!folder.empty() && !std::filesystem::exists(folder, error)) {
    std::filesystem::create_directories(folder, error);
    if (!error) {
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
    }
    if (error) {
      return fail(ErrorCode::StorageFull,
                  fmt::format("The folder {} cannot be made ({}): make it, or name another.",
                              folder.string(), error.message()));
    }
  }
  const int descriptor = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor >= 0) ::close(descriptor);
  return {};  // what could not be made is told when it is opened
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
  if (auto made = make_file(file); !made) return std::unexpected(made.error());
  // While another process makes the same database, SQLite may say "locked" without waiting.
  const auto give_up = std::chrono::steady_clock::now() + options.busy_time;
  const auto open_sessions = [&] {
    return SessionPool::open(file, std::max(1, options.sessions), options.busy_time);
  };
  auto sessions = open_sessions();
  while (!sessions && sessions.error().code == ErrorCode::Overloaded &&
         std::chrono::steady_clock::now() < give_up) {
    std::this_thread::sleep_for(kRetryInterval);
    sessions = open_sessions();
  }
  if (sessions) return std::unique_ptr<Database>(new Database(std::move(*sessions)));
  Error error = sessions.error();
  error.message = fmt::format("{} ({})", error.message, file.string());
  error.parameter = file.string();
  return std::unexpected(std::move(error));
}

}  // namespace melete::store
