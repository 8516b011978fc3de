// Background answers wait here for their turn: only some run at once, so that they do not crowd out
// those for which somebody waits.

#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "base/error.h"

namespace melete::runs {

struct RunQueueLimits {
  int running = 4;    // side by side; at least 1
  int waiting = 256;  // more are refused; at least 0
};

// Thread-safe. Begins jobs in the order in which they came.
class RunQueue {
 public:
  explicit RunQueue(RunQueueLimits limits) : limits_(limits) {}

  // Overloaded where as many wait as may.
  Result<void> has_room() const;

  // Calls `job` at once or when its turn comes, on the thread that made room; `job` only begins
  // something, whose end is told by done(). Takes it also where has_room() says no.
  void push(std::string id, std::function<void()> job);

  // Forgets the job of `id` if it still waits.
  void remove(std::string_view id);

  // One that was begun has ended.
  void done();

  // Begins none of those that wait, and no more.
  void close();

  // Of those that were begun.
  int running() const;

 private:
  struct Waiting {
    std::string id;
    std::function<void()> job;
  };

  void begin_next();

  const RunQueueLimits limits_;
  mutable std::mutex mutex_;
  std::deque<Waiting> waiting_;  // guarded by mutex_
  int running_ = 0;              // guarded by mutex_
  bool closed_ = false;          // guarded by mutex_
};

}  // namespace melete::runs
