#include "server/client_watch.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace melete::server {

namespace asio = boost::asio;

asio::awaitable<void> until_client_leaves(ByteStream& stream, boost::beast::flat_buffer& buffer) {
  constexpr size_t kMostWaiting = 64 << 10;
  constexpr size_t kPiece = 512;
  while (buffer.size() < kMostWaiting) {
    const ReadResult read = co_await stream.read_some(buffer.prepare(kPiece));
    if (read.error == asio::error::operation_aborted) co_return;
    if (read.error) {
      stream.close();
      co_return;
    }
    buffer.commit(read.bytes);
  }
  asio::steady_timer never(stream.executor(), asio::steady_timer::time_point::max());
  co_await never.async_wait(asio::as_tuple(asio::use_awaitable));
}

}  // namespace melete::server
