// The program `melete-train`, as a user starts it.

#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

extern char** environ;

namespace melete::train {

struct ProcessOptions {
  std::vector<std::string> environment;  // "NAME=value", beside the test's own
  std::filesystem::path errors;          // gets what it says on standard error; empty: the test's
};

class Process {
 public:
  explicit Process(std::vector<std::string> arguments, ProcessOptions options = {}) {
    arguments.insert(arguments.begin(), MELETE_TRAIN_PROGRAM);
    std::vector<char*> pointers = pointers_of(arguments);
    pointers.push_back(nullptr);
    std::vector<char*> variables = pointers_of(options.environment);
    for (char** variable = environ; *variable != nullptr; ++variable) {
      variables.push_back(*variable);
    }
    variables.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    if (!options.errors.empty()) {
      posix_spawn_file_actions_addopen(&files, STDERR_FILENO, options.errors.c_str(),
                                       O_WRONLY | O_CREAT | O_TRUNC, 0600);
    }
    const int status =
        posix_spawn(&id_, pointers[0], &files, nullptr, pointers.data(), variables.data());
    posix_spawn_file_actions_destroy(&files);
    EXPECT_EQ(status, 0);
  }

  int wait() {
    int status = -1;
    waitpid(id_, &status, 0);
    return status;
  }

  void kill_it() { kill(id_, SIGKILL); }

 private:
  static std::vector<char*> pointers_of(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    return pointers;
  }

  pid_t id_ = 0;
};

}  // namespace melete::train
