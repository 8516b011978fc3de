#include "store/child_process.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <utility>

namespace melete::store {

ChildProcess::ChildProcess(const std::function<int(const Tell&)>& work) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("cannot make a pipe");
  process_ = fork();
  if (process_ < 0) throw std::runtime_error("cannot start a process");
  if (process_ == 0) {
    close(ends[0]);
    _exit(work([&](std::string_view bytes) {
      if (write(ends[1], bytes.data(), bytes.size()) < 0) _exit(EXIT_FAILURE);
    }));
  }
  close(ends[1]);
  pipe_ = ends[0];
}

ChildProcess::~ChildProcess() {
  if (process_ > 0) kill();
  close(pipe_);
}

char ChildProcess::read_byte() {
  char byte = 0;
  return read(pipe_, &byte, 1) == 1 ? byte : '\0';
}

std::string ChildProcess::kill() {
  ::kill(process_, SIGKILL);
  wait();
  std::string told;
  std::array<char, 4096> buffer{};
  for (ssize_t length = 0; (length = read(pipe_, buffer.data(), buffer.size())) > 0;) {
    told.append(buffer.data(), static_cast<size_t>(length));
  }
  return told;
}

int ChildProcess::wait() {
  int status = 0;
  waitpid(std::exchange(process_, -1), &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace melete::store
