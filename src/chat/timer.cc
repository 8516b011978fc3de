#include "chat/timer.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace melete::chat {

namespace {

namespace asio = boost::asio;

class SteadyTimer final : public Timer {
 public:
  Instant now() const override { return system_clock().now(); }

  asio::awaitable<void> sleep_until(Instant when) override {
    asio::steady_timer timer(co_await asio::this_coro::executor, when);
    co_await timer.async_wait(asio::use_awaitable);
  }
};

}  // namespace

Timer& system_timer() {
  static SteadyTimer timer;
  return timer;
}

}  // namespace melete::chat
