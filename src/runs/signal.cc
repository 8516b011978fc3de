#include "runs/signal.h"

#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace melete::runs {

namespace asio = boost::asio;

asio::awaitable<void> Signal::Ticket::wait() {
  const std::shared_ptr<Channel> channel = channel_;
  co_await channel->async_receive(asio::use_awaitable);
}

Signal::Ticket Signal::ticket(const asio::any_io_executor& executor) {
  auto channel = std::make_shared<Channel>(executor, 1);
  const std::lock_guard lock(mutex_);
  std::erase_if(tickets_, [](const auto& ticket) { return ticket.expired(); });
  tickets_.push_back(channel);
  return Ticket(std::move(channel));
}

void Signal::notify() {
  std::vector<std::weak_ptr<Channel>> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting.swap(tickets_);
  }
  for (const auto& ticket : waiting) {
    if (const auto channel = ticket.lock()) channel->try_send(boost::system::error_code{});
  }
}

}  // namespace melete::runs
