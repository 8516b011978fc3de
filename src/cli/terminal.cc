// Terminals by their descriptors and by the few escape sequences that all of them know.

#include "cli/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace melete::cli {
namespace {

constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kNormal = "\x1b[0m";
constexpr std::string_view kHideWrap = "\x1b[?7l";
constexpr std::string_view kShowWrap = "\x1b[?7h";

bool is_control(unsigned char byte) {
  return byte < 0x20 || byte == 0x7f;
}

// U+0080 to U+009F, which some terminals obey: C2 80 to C2 9F in UTF-8.
bool is_c1_control(std::string_view text, size_t at) {
  return static_cast<unsigned char>(text[at]) == 0xc2 && at + 1 < text.size() &&
         static_cast<unsigned char>(text[at + 1]) >= 0x80 &&
         static_cast<unsigned char>(text[at + 1]) <= 0x9f;
}

bool continues_code_point(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) == 0x80;
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

Terminal::Terminal(std::ostream& out, TerminalTraits traits) : out_(out), traits_(traits) {}

void Terminal::write(std::string_view text) {
  out_ << text << std::flush;
}

void Terminal::write_dim(std::string_view text) {
  if (!traits_.styled || text.empty()) return write(text);
  out_ << kDim << text << kNormal << std::flush;
}

void Terminal::line(std::string_view text) {
  out_ << text << '\n' << std::flush;
}

TerminalTraits traits_of(int descriptor) {
  TerminalTraits traits;
  const std::string kind = environment("TERM");
  traits.interactive = isatty(descriptor) == 1 && !kind.empty() && kind != "dumb";
  traits.styled = traits.interactive && environment("NO_COLOR").empty();
  winsize size{};
  if (traits.interactive && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    traits.width = std::max<int>(size.ws_col, 20);
    traits.height = std::max<int>(size.ws_row, 5);
  }
  return traits;
}

Terminal standard_output() {
  return Terminal(std::cout, traits_of(STDOUT_FILENO));
}

Terminal standard_error() {
  return Terminal(std::cerr, traits_of(STDERR_FILENO));
}

std::string fit(std::string_view text, int columns) {
  std::string fitted;
  size_t last_start = 0;
  int used = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (!continues_code_point(text[at])) {
      if (used == columns) return fitted.substr(0, last_start) + "…";
      last_start = fitted.size();
      ++used;
    }
    fitted += is_control(static_cast<unsigned char>(text[at])) ? ' ' : text[at];
  }
  return fitted;
}

std::string printable(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (size_t at = 0; at < text.size(); ++at) {
    if (is_c1_control(text, at)) {
      ++at;
      continue;
    }
    const auto byte = static_cast<unsigned char>(text[at]);
    if (!is_control(byte) || byte == '\n' || byte == '\t') safe += text[at];
  }
  return safe;
}

LiveLines::LiveLines(Terminal& terminal) : terminal_(terminal) {}

LiveLines::~LiveLines() {
  clear();
}

void LiveLines::show(const std::vector<std::string>& lines) {
  const TerminalTraits& traits = terminal_.traits();
  if (!traits.interactive) return;
  const size_t count = std::min<size_t>(lines.size(), traits.height - 1);
  std::string drawn = erase_sequence();
  drawn += kHideWrap;
  for (size_t i = 0; i < count; ++i) {
    drawn += fit(lines[i], traits.width - 1);
    drawn += '\n';
  }
  drawn += kShowWrap;
  terminal_.write(drawn);
  shown_ = count;
}

void LiveLines::clear() {
  if (shown_ == 0) return;
  terminal_.write(erase_sequence());
  shown_ = 0;
}

std::string LiveLines::erase_sequence() const {
  return shown_ == 0 ? "" : fmt::format("\x1b[{}F\x1b[J", shown_);
}

}  // namespace melete::cli
