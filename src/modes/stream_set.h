// Several streams read as one: whichever has something to say is heard next.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "chat/backend.h"
#include "chat/timer.h"

namespace melete::modes {

// Each stream is asked for its next event only when the last one was taken, so a slow reader slows
// all of them, and one that hangs delays nobody.
//
// open(), close() and next() belong to the mode's own coroutine, and so does the destructor;
// control() may come from any thread, also while next() waits. The streams are read by coroutines
// on the executor of next(), which has one thread; the set goes before its event loop does.
class StreamSet {
 public:
  struct Next {
    int stream = -1;                   // as open() numbered it; -1: late, or no stream is open
    std::optional<chat::Event> event;  // nothing: that stream is over
    bool late = false;                 // the deadline passed first
  };

  static constexpr Instant kNoDeadline = Instant::max();

  explicit StreamSet(chat::Timer& timer);
  ~StreamSet();
  StreamSet(const StreamSet&) = delete;
  StreamSet& operator=(const StreamSet&) = delete;

  // Reads this stream too from now on. Its number: 0, 1, 2 and so on.
  int open(std::unique_ptr<chat::Stream> stream);

  // Ends a stream, or all; what it has said but nobody has taken is forgotten.
  void close(int stream);
  void close();

  // The next event of any open stream, in the order in which they came.
  chat::awaitable<Next> next(Instant deadline);

  // For one stream, or for all that are open. Conflict when none is.
  Result<void> control(int stream, chat::Control control);
  Result<void> control(const chat::Control& control);

 private:
  struct Member;
  struct Mail;

  static chat::awaitable<void> read(std::shared_ptr<Mail> mail, std::shared_ptr<Member> member);
  bool start_reads(const boost::asio::any_io_executor& executor);
  static void end(Member& member);

  chat::Timer& timer_;
  const std::shared_ptr<Mail> mail_;
  int opened_ = 0;
  std::mutex mutex_;
  std::vector<std::shared_ptr<Member>> members_;  // the list is guarded by mutex_
};

}  // namespace melete::modes
