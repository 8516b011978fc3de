// A clock that one can wait on, so that tests decide how time passes.

#pragma once

#include <boost/asio/awaitable.hpp>

#include "base/clock.h"

namespace melete::chat {

// Thread-safe. Outlives everything that waits on it.
class Timer : public Clock {
 public:
  // Waits until `when`; returns at once when it has passed. Resumes on the caller's executor. Asio
  // cancellation ends the wait by throwing operation_aborted.
  virtual boost::asio::awaitable<void> sleep_until(Instant when) = 0;
};

// The machine's steady clock. Lives as long as the process.
Timer& system_timer();

}  // namespace melete::chat
