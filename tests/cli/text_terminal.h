// A terminal that writes into a text, for tests of what people see.

#pragma once

#include <sstream>
#include <string>

#include "cli/terminal.h"

namespace melete::cli {

struct TextTerminal {
  explicit TextTerminal(TerminalTraits traits = {}) : terminal(stream, traits) {}

  std::string text() const { return stream.str(); }

  std::ostringstream stream;
  Terminal terminal;
};

inline TerminalTraits plain_file() {
  return {};
}

inline TerminalTraits screen(int width = 80) {
  return {.interactive = true, .styled = true, .width = width, .height = 24};
}

}  // namespace melete::cli
