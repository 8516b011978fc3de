// One line that says how far something long has come: bytes with rate and time left, or a
// percentage.
//
// On a terminal the line changes in place; elsewhere a new plain line is written now and then.

#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "cli/terminal.h"
#include "models/progress.h"

namespace melete::cli {

// Not thread-safe: one thread at a time.
class ProgressLine {
 public:
  // `label` begins each line, e.g. "loading qwen". Both references must outlive the line.
  ProgressLine(Terminal& terminal, std::string label, const Clock& clock = system_clock());

  // `part` of the whole is done, 0 to 1; `text` says so to people. Cheap: draws at most ten times a
  // second on a terminal; elsewhere a line for each tenth of the way, at most one a second, and
  // one after 10 seconds of silence.
  void update(double part, std::string_view text);

  // update() with a percentage.
  void update(double part);

  // update() with what a download tells.
  void update(const models::PullProgress& progress);

  // Replaces the line by a last one, e.g. "loaded qwen in 2 s".
  void finish(std::string_view text);

  // Removes the line; something else will be said.
  void clear();

  // Since the line was made.
  double seconds() const;

 private:
  Terminal& terminal_;
  const Clock& clock_;
  const std::string label_;
  const Instant start_;
  LiveLines live_;
  Instant last_drawn_{};
  int last_tenth_ = -1;  // -1: nothing was drawn yet
};

// "38.2 MB of 98.4 MB (38 %), 12.1 MB/s, 5 s left", as far as the numbers are known.
std::string progress_text(const models::PullProgress& progress);

}  // namespace melete::cli
