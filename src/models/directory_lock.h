// One pull at a time works in a model directory.

#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <utility>

#include "base/error.h"

namespace melete::models {

// Holds the lock of a directory until destroyed; a process that dies lets it go. Leaves no file
// behind.
class DirectoryLock {
 public:
  // Waits for the lock; `on_wait` is called once when it must. Fails with Cancelled when asked to
  // stop, and with StorageFull where the directory cannot be opened. File systems without locks are
  // not locked.
  static Result<DirectoryLock> acquire(const std::filesystem::path& directory, std::stop_token stop,
                                       const std::function<void()>& on_wait);

  DirectoryLock(DirectoryLock&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
};

}  // namespace melete::models
