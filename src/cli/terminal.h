// What can be shown where: a terminal with dim text and lines that change, or a plain file of
// lines.

#pragma once

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace melete::cli {

struct TerminalTraits {
  bool interactive = false;  // a person looks at it: lines may be redrawn
  bool styled = false;       // dim text is understood; false with NO_COLOR or TERM=dumb
  int width = 80;            // columns; at least 20
  int height = 24;           // lines; at least 5
};

// One output of the program. Not thread-safe.
class Terminal {
 public:
  // `out` must outlive the terminal.
  Terminal(std::ostream& out, TerminalTraits traits);

  const TerminalTraits& traits() const { return traits_; }

  // Writes and flushes.
  void write(std::string_view text);
  void write_dim(std::string_view text);
  void line(std::string_view text);

 private:
  std::ostream& out_;
  const TerminalTraits traits_;
};

// The traits of a file descriptor of this process, e.g. 1 for standard output.
TerminalTraits traits_of(int descriptor);

Terminal standard_output();
Terminal standard_error();

// `text` cut to at most `columns` columns of a terminal, with "…" at its end where something was
// cut; control characters and line breaks become spaces. Each code point counts as one column.
std::string fit(std::string_view text, int columns);

// `text` from a model or a file, safe to write to a terminal: control characters other than line
// breaks and tabs are left out, so that nothing can move the cursor or change the title.
std::string printable(std::string_view text);

// Some lines at the bottom of a terminal that are redrawn in place. Shows nothing on a plain file.
// clear() before anything else is written to the same screen.
class LiveLines {
 public:
  // `terminal` must outlive the lines.
  explicit LiveLines(Terminal& terminal);
  ~LiveLines();

  LiveLines(const LiveLines&) = delete;
  LiveLines& operator=(const LiveLines&) = delete;

  // Replaces what is shown; at most the terminal's height, each cut to its width.
  void show(const std::vector<std::string>& lines);
  void clear();

 private:
  std::string erase_sequence() const;

  Terminal& terminal_;
  size_t shown_ = 0;
};

}  // namespace melete::cli
