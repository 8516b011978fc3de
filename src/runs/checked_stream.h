// A stream whose end is always told: one that breaks off before every choice has finished ends with
// Failed.

#pragma once

#include <memory>
#include <optional>

#include "chat/backend.h"

namespace melete::runs {

// Read by one coroutine; control() from any thread. Owns the stream.
class CheckedStream {
 public:
  // `choices` is how many answers the stream owes.
  CheckedStream(std::unique_ptr<chat::Stream> stream, int choices);

  // As chat::Stream::next(), except that a backend's exceptions become Failed too.
  boost::asio::awaitable<std::optional<chat::Event>> next();

  Result<void> control(chat::Control control) { return stream_->control(std::move(control)); }

 private:
  std::unique_ptr<chat::Stream> stream_;
  int unfinished_;
  bool failed_ = false;
};

}  // namespace melete::runs
