// Old responses are erased a few at a time, so that what is kept does not grow for ever.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>

#include "base/unix_time.h"
#include "chat/timer.h"
#include "store/database.h"

namespace melete::runs {

struct RetentionOptions {
  std::chrono::seconds keep = std::chrono::days(30);      // from the moment a response was created
  std::chrono::seconds interval = std::chrono::hours(1);  // between two looks
  int batch = 100;  // the most to erase before others may write again; at least 1
  chat::Timer* timer = &chat::system_timer();   // for the interval; outlives the work
  std::function<int64_t()> now = unix_seconds;  // the time of day, in seconds since 1970
};

// Erases what ResponseStore::erase_old() calls old, at once and after each interval; ends only by
// being destroyed or cancelled. What fails is logged and left to the next look. Blocks on the
// database, so it belongs on a worker thread; other work has its turn between two batches. The
// database outlives it.
boost::asio::awaitable<void> erase_old_responses(store::Database& database,
                                                 RetentionOptions options);

}  // namespace melete::runs
