// The stream below a mode: replaced from phase to phase, read with a deadline, controlled from any
// thread.

#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "chat/backend.h"
#include "chat/timer.h"

namespace melete::modes {

// open(), close() and next() belong to the mode's own coroutine; control() may come from any
// thread, also while next() waits.
class InnerStream {
 public:
  static constexpr Instant kNoDeadline = Instant::max();

  struct Next {
    std::optional<chat::Event> event;  // nothing: the stream is over, or late
    bool late = false;                 // the deadline passed first
  };

  explicit InnerStream(chat::Timer& timer) : timer_(timer) {}

  // Ends the stream before it and reads this one from now on.
  void open(std::unique_ptr<chat::Stream> stream);
  void close();

  // The next event of the open stream; nothing when none is open.
  chat::awaitable<Next> next(Instant deadline);

  // Conflict when no stream is open.
  Result<void> control(chat::Control control);

 private:
  chat::Timer& timer_;
  std::mutex mutex_;
  std::unique_ptr<chat::Stream> stream_;  // the pointer is guarded by mutex_
};

}  // namespace melete::modes
