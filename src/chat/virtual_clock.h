// Time for tests: it stands still while anything can run, then jumps to the next moment that
// somebody waits for. A test of minutes takes no time and gives the same order of events on every
// run.

#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

#include "chat/backend.h"
#include "chat/collect.h"
#include "chat/timer.h"

namespace melete::chat {

// Waiters whose moments are equal resume in the order in which they began to wait.
//
// Thread-safe, but run() is called by one thread at a time.
class VirtualClock final : public Timer {
 public:
  static constexpr Instant kNever = Instant::max();

  VirtualClock() = default;
  ~VirtualClock() override;

  // Starts at zero.
  Instant now() const override;

  awaitable<void> sleep_until(Instant when) override;

  // Like sleep_until(), but wake(owner) ends the wait early. kNever waits for wake() only.
  awaitable<void> wait(Instant when, const void* owner);
  void wake(const void* owner);

  // Runs `work` to its end on an event loop of its own. False when it waits for something that
  // never comes; it is destroyed then.
  bool run(awaitable<void> work);

  // collect() under this clock. A stream that hangs for ever gives the error DeadlineExceeded.
  Completion collect(Stream& stream, std::function<void(const Event&)> watch = {});

 private:
  struct Waiter {
    uint64_t id = 0;
    Instant when;
    const void* owner = nullptr;
    std::function<void(bool aborted)> resume;
  };

  void cancel(uint64_t id);
  bool advance();
  void forget_waiters();

  mutable std::mutex mutex_;
  Instant now_{};                // guarded by mutex_
  uint64_t next_id_ = 0;         // guarded by mutex_
  std::vector<Waiter> waiters_;  // guarded by mutex_; in the order of their ids
};

}  // namespace melete::chat
