// A program that runs beside us, with its output in a file. It dies with us.

#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/error.h"

namespace melete::models {

struct ChildOptions {
  std::vector<std::string> arguments;  // the program, found on PATH, and what it is given
  std::vector<std::pair<std::string, std::string>> environment;  // laid over ours
  std::filesystem::path output;  // receives standard output and standard error; made anew
  // A process group of its own, so that Ctrl-C at our terminal is not meant for it.
  bool own_group = false;
};

// Not thread-safe; must not outlive the thread that started it (the child is ended with that
// thread).
class ChildProcess {
 public:
  // Fails with Unavailable where the process cannot be made. A program that is not found ends with
  // status 127.
  static Result<ChildProcess> start(const ChildOptions& options);

  ChildProcess(ChildProcess&& other) noexcept : process_(std::exchange(other.process_, -1)) {}
  ChildProcess& operator=(ChildProcess&& other) noexcept;
  // Ends the child, and waits for its end, unless it has ended.
  ~ChildProcess();

  // The exit status once it has ended (128 + the signal where a signal ended it); never waits.
  std::optional<int> poll();

  // Waits for the end.
  int wait();

 private:
  explicit ChildProcess(pid_t process) : process_(process) {}
  void end();

  pid_t process_ = -1;
};

}  // namespace melete::models
