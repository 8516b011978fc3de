#include "runs/checked_stream.h"

#include <fmt/format.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <string>
#include <utility>

#include "base/log.h"

namespace melete::runs {

CheckedStream::CheckedStream(std::unique_ptr<chat::Stream> stream, int choices)
    : stream_(std::move(stream)), unfinished_(choices) {}

boost::asio::awaitable<std::optional<chat::Event>> CheckedStream::next() {
  if (failed_) co_return std::nullopt;
  std::optional<chat::Event> event;
  std::string fault;
  try {
    event = co_await stream_->next();
  } catch (const boost::system::system_error& error) {
    if (error.code() == boost::asio::error::operation_aborted) throw;
    fault = error.what();
  } catch (const std::exception& error) {
    fault = error.what();
  }
  if (!fault.empty()) log_event(LogLevel::Error, "stream_threw", {{"what", fault}});
  if (!event) {
    if (fault.empty() && unfinished_ <= 0) co_return std::nullopt;
    event =
        chat::Event{.payload = chat::Failed{{ErrorCode::Unavailable,
                                             "The answer broke off before its end: ask again."}}};
  }
  failed_ = std::holds_alternative<chat::Failed>(event->payload);
  const bool own = event->agent.empty();
  if (own && std::holds_alternative<chat::Finished>(event->payload)) --unfinished_;
  co_return event;
}

}  // namespace melete::runs
