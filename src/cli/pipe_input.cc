#include "cli/pipe_input.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace melete::cli {
namespace {

constexpr size_t kLargestInput = 64 * 1024 * 1024;

bool something_comes(int descriptor, std::chrono::milliseconds patience) {
  pollfd waited{descriptor, POLLIN, 0};
  return poll(&waited, 1, static_cast<int>(patience.count())) != 0;
}

}  // namespace

Result<PipeInput> read_pipe(int descriptor, std::optional<std::chrono::milliseconds> patience) {
  PipeInput input;
  if (isatty(descriptor) == 1) return input;
  if (patience && !something_comes(descriptor, *patience)) {
    input.silent = true;
    return input;
  }
  std::string& text = input.text;
  char piece[65536];
  while (true) {
    const ssize_t bytes = read(descriptor, piece, sizeof piece);
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes <= 0) break;
    text.append(piece, static_cast<size_t>(bytes));
    if (text.size() > kLargestInput) {
      return fail(
          ErrorCode::TooLarge,
          fmt::format("more than {} bytes came on standard input: send less", kLargestInput));
    }
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return input;
}

}  // namespace melete::cli
