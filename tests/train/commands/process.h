// The program `melete-train`, as a user starts it.

#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include <string>
#include <vector>

extern char** environ;

namespace melete::train {

class Process {
 public:
  explicit Process(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), MELETE_TRAIN_PROGRAM);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    const int status = posix_spawn(&id_, pointers[0], nullptr, nullptr, pointers.data(), environ);
    EXPECT_EQ(status, 0);
  }

  int wait() {
    int status = -1;
    waitpid(id_, &status, 0);
    return status;
  }

  void kill_it() { kill(id_, SIGKILL); }

 private:
  pid_t id_ = 0;
};

}  // namespace melete::train
