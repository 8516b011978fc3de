#include "server/client_watch.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace melete::server {

namespace asio = boost::asio;

asio::awaitable<void> until_client_leaves(asio::ip::tcp::socket& socket,
                                          boost::beast::flat_buffer& buffer) {
  constexpr size_t kMostWaiting = 64 << 10;
  constexpr size_t kPiece = 512;
  constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
  while (buffer.size() < kMostWaiting) {
    const auto [error, bytes] = co_await socket.async_read_some(buffer.prepare(kPiece), kTuple);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      boost::system::error_code ignored;
      socket.close(ignored);
      co_return;
    }
    buffer.commit(bytes);
  }
  asio::steady_timer never(socket.get_executor(), asio::steady_timer::time_point::max());
  co_await never.async_wait(kTuple);
}

}  // namespace melete::server
