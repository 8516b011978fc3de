#include "commands/status_line.h"

#include <unistd.h>

#include <chrono>
#include <iostream>

namespace melete::train {

StatusLine::StatusLine() : terminal_(isatty(STDERR_FILENO) != 0) {}

void StatusLine::tell(std::string_view text) {
  const Instant now = system_clock().now();
  if (terminal_) {
    std::cerr << "\r\x1b[K" << text << std::flush;
    told_ = true;
  } else if (now - last_ >= std::chrono::seconds(10)) {
    std::cerr << text << std::endl;
    last_ = now;
  }
}

void StatusLine::end() {
  if (told_) std::cerr << '\n';
}

}  // namespace melete::train
