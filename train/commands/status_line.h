// How far a command is: one line that changes in place on a terminal; elsewhere a new one every ten
// seconds.

#pragma once

#include <string_view>

#include "base/clock.h"

namespace melete::train {

// Writes to standard error. Not thread-safe.
class StatusLine {
 public:
  StatusLine();

  void tell(std::string_view text);

  // Leaves the last line as it is; once, before anything else is written.
  void end();

 private:
  bool terminal_;
  bool told_ = false;
  Instant last_{};
};

}  // namespace melete::train
