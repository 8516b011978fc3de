// flock on the directory itself.

#include "models/directory_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace melete::models {

Result<DirectoryLock> DirectoryLock::acquire(const std::filesystem::path& directory,
                                             std::stop_token stop,
                                             const std::function<void()>& on_wait) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) {
    return fail(ErrorCode::StorageFull,
                fmt::format("{} cannot be opened: {}", directory.string(), std::strerror(errno)),
                directory.string());
  }
  DirectoryLock lock(descriptor);
  bool told = false;
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    if (stop.stop_requested()) {
      return fail(ErrorCode::Cancelled, "stopped while another pull was at work");
    }
    if (!told) on_wait();
    told = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace melete::models
