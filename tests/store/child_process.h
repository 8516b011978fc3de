// A second process of a test: a copy of this one that does one thing, tells its parent in bytes,
// and ends or is killed.

#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>

namespace melete::store {

// Not to be started while this process has threads or an open database.
class ChildProcess {
 public:
  // Tells the parent; what was told is not lost when the child is killed.
  using Tell = std::function<void(std::string_view bytes)>;

  // Runs `work` in the child, which ends with the status that it gives.
  explicit ChildProcess(const std::function<int(const Tell&)>& work);
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Waits for the child's next byte; 0 where it ended first.
  char read_byte();

  // Kills the child as `kill -9` does, and gives all that it had told.
  std::string kill();

  // Waits for its end and gives its status; -1 where a signal ended it.
  int wait();

 private:
  pid_t process_ = -1;
  int pipe_ = -1;
};

}  // namespace melete::store
