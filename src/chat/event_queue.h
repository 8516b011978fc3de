// The bounded queue between a producer thread and the one coroutine that reads a stream.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "chat/event.h"

namespace melete::chat {

// Invariants: events leave in the order they came; after close() and the last event, next() gives
// nothing for ever. push() never blocks: a producer asks full() before it makes more, and goes on
// after the `on_room` callback.
//
// Thread-safe, but at most one next() at a time.
class EventQueue {
 public:
  // `capacity` is the number of waiting events at which full() turns true; at least 1.
  explicit EventQueue(size_t capacity = 256);

  void push(Event event);
  void close();
  bool full() const;
  bool closed() const;

  // Called (on the reader's thread) whenever a full queue falls to half its capacity.
  void on_room(std::function<void()> callback);

  // The next event, waiting for one; nothing once closed and empty. Resumes on the caller's
  // executor. Asio cancellation (a timer raced against it, say) ends the wait by throwing
  // operation_aborted.
  boost::asio::awaitable<std::optional<Event>> next();

 private:
  const size_t capacity_;
  mutable std::mutex mutex_;
  std::deque<Event> events_;                  // guarded by mutex_
  bool closed_ = false;                       // guarded by mutex_
  bool was_full_ = false;                     // guarded by mutex_
  std::function<void()> on_room_;             // guarded by mutex_
  std::function<void(bool aborted)> waiter_;  // guarded by mutex_; resumes the reader
};

}  // namespace melete::chat
