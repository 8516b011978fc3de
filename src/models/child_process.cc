// fork and exec. Between the two only calls that are safe after a fork of a threaded process are
// made.

#include "models/child_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/check.h"

namespace melete::models {
namespace {

constexpr int kNotFoundStatus = 127;

std::vector<std::string> merged_environment(const ChildOptions& options) {
  std::vector<std::string> merged;
  for (char** variable = environ; *variable; ++variable) {
    const std::string_view text = *variable;
    const std::string_view name = text.substr(0, text.find('='));
    bool replaced = false;
    for (const auto& [key, value] : options.environment) replaced |= key == name;
    if (!replaced) merged.emplace_back(text);
  }
  for (const auto& [key, value] : options.environment) {
    merged.push_back(fmt::format("{}={}", key, value));
  }
  return merged;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

int status_of(int raw) {
  return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
}

}  // namespace

Result<ChildProcess> ChildProcess::start(const ChildOptions& options) {
  MELETE_CHECK(!options.arguments.empty(), "a child needs a program");
  std::vector<std::string> arguments = options.arguments;
  std::vector<std::string> environment = merged_environment(options);
  std::vector<char*> argument_pointers = pointers_to(arguments);
  std::vector<char*> environment_pointers = pointers_to(environment);
  const int output = ::open(options.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const int input = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  const pid_t process = output < 0 || input < 0 ? -1 : ::fork();
  if (process == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (options.own_group) ::setpgid(0, 0);
    ::dup2(input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    ::dup2(output, STDERR_FILENO);
    ::execvpe(argument_pointers[0], argument_pointers.data(), environment_pointers.data());
    ::_exit(kNotFoundStatus);
  }
  const int code = errno;
  if (output >= 0) ::close(output);
  if (input >= 0) ::close(input);
  if (process > 0) return ChildProcess(process);
  return fail(ErrorCode::Unavailable,
              fmt::format("{} cannot be started: {}", options.arguments[0], std::strerror(code)));
}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
  end();
  process_ = std::exchange(other.process_, -1);
  return *this;
}

ChildProcess::~ChildProcess() {
  end();
}

void ChildProcess::end() {
  if (process_ < 0) return;
  ::kill(process_, SIGTERM);
  wait();
}

std::optional<int> ChildProcess::poll() {
  int raw = 0;
  if (process_ < 0 || ::waitpid(process_, &raw, WNOHANG) != process_) return std::nullopt;
  process_ = -1;
  return status_of(raw);
}

int ChildProcess::wait() {
  int raw = 0;
  while (::waitpid(process_, &raw, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  return status_of(raw);
}

}  // namespace melete::models
