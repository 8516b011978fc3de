#include "reinforce/program_verifier.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "base/json.h"

namespace melete::train {

namespace {

constexpr size_t kLongestReply = 4096;  // bytes

void set_deadline(int channel, Duration deadline) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(deadline).count();
  const timeval time = {.tv_sec = micros / 1'000'000, .tv_usec = micros % 1'000'000};
  ::setsockopt(channel, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
  ::setsockopt(channel, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
}

// Zero, or the error's number.
int spawn(const ProgramOptions& options, int input_and_output, pid_t& process) {
  std::vector<char*> arguments;
  for (const std::string& argument : options.arguments) {
    arguments.push_back(const_cast<char*>(argument.c_str()));  // posix_spawn changes nothing
  }
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input_and_output, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, input_and_output, STDOUT_FILENO);
  if (!options.folder.empty()) {
    ::posix_spawn_file_actions_addchdir_np(&actions, options.folder.c_str());
  }
  const int code =
      ::posix_spawnp(&process, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return code;
}

[[noreturn]] void give_up(const std::string& what) {
  throw std::runtime_error("the program " + what);
}

}  // namespace

Result<std::shared_ptr<const Verifier>> ProgramVerifier::start(std::string name,
                                                               ProgramOptions options) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return fail(ErrorCode::Unavailable,
                fmt::format("No channel to a verifier could be made: {}.", std::strerror(errno)));
  }
  pid_t process = -1;
  const int code = spawn(options, ends[1], process);
  ::close(ends[1]);
  if (code != 0) {
    ::close(ends[0]);
    return fail(ErrorCode::NotFound,
                fmt::format("The verifier {} cannot be started in {}: {}.", options.arguments[0],
                            options.folder.string(), std::strerror(code)),
                "files." + name + ".verifier");
  }
  set_deadline(ends[0], options.deadline);
  return std::shared_ptr<const Verifier>(
      new ProgramVerifier(std::move(name), std::move(options), process, ends[0]));
}

ProgramVerifier::~ProgramVerifier() {
  ::kill(process_, SIGKILL);  // a program may pass over every other signal
  ::waitpid(process_, nullptr, 0);
  ::close(channel_);
}

bool ProgramVerifier::accepts(const Problem& problem, std::string_view answer) const {
  const Json line = {{"question", text_of(Turn{Speaker::User, problem.question, {}})},
                     {"answer", problem.answer},
                     {"text", answer}};
  const std::lock_guard lock(mutex_);
  write_line(write_json(line) + "\n");
  const std::string reply = read_line();
  if (reply == "right") return true;
  if (reply != "wrong") give_up(fmt::format("says \"{}\" in place of right or wrong", reply));
  return false;
}

void ProgramVerifier::write_line(std::string_view line) const {
  while (!line.empty()) {
    const ssize_t count = ::send(channel_, line.data(), line.size(), MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) give_up("does not read");
    if (count <= 0) give_up("has ended");
    line.remove_prefix(static_cast<size_t>(count));
  }
}

// A program answers one line at a time, so nothing lies behind the line's end.
std::string ProgramVerifier::read_line() const {
  std::string line;
  std::array<char, 256> some{};
  while (!line.ends_with('\n')) {
    const ssize_t count = ::recv(channel_, some.data(), some.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) give_up("has said nothing before its deadline");
    if (count <= 0) give_up("has ended");
    line.append(some.data(), static_cast<size_t>(count));
    if (line.size() > kLongestReply) give_up("says too much");
  }
  line.pop_back();
  return line;
}

}  // namespace melete::train
