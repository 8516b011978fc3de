// Time as an interface, so that tests decide what time it is.

#pragma once

#include <chrono>

namespace melete {

using Instant = std::chrono::steady_clock::time_point;
using Duration = std::chrono::steady_clock::duration;

// Thread-safe: now() may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant now() const = 0;
};

// The machine's steady clock. Lives as long as the process.
const Clock& system_clock();

}  // namespace melete
