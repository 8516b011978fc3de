#include "modes/inner_stream.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <utility>

namespace melete::modes {

void InnerStream::open(std::unique_ptr<chat::Stream> stream) {
  {
    const std::lock_guard lock(mutex_);
    stream_.swap(stream);
  }
  stream.reset();
}

void InnerStream::close() {
  open(nullptr);
}

chat::awaitable<InnerStream::Next> InnerStream::next(Instant deadline) {
  using namespace boost::asio::experimental::awaitable_operators;
  if (!stream_) co_return Next{};
  if (deadline == kNoDeadline) {
    std::optional<chat::Event> event = co_await stream_->next();
    co_return Next{.event = std::move(event)};
  }
  auto first = co_await (stream_->next() || timer_.sleep_until(deadline));
  if (first.index() == 1) co_return Next{.late = true};
  co_return Next{.event = std::move(std::get<0>(first))};
}

Result<void> InnerStream::control(chat::Control control) {
  const std::lock_guard lock(mutex_);
  if (!stream_)
    return fail(ErrorCode::Conflict, "no answer is running: there is nothing to control");
  return stream_->control(std::move(control));
}

}  // namespace melete::modes
