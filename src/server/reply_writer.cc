#include "server/reply_writer.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <utility>

namespace melete::server {

namespace asio = boost::asio;

namespace {

asio::awaitable<std::string> bytes_of(const Exchange& exchange, const Reply& reply) {
  co_return write_reply(exchange, reply);
}

}  // namespace

asio::awaitable<bool> send_reply(ByteStream& stream, Service& service, const Exchange& exchange,
                                 Reply reply) {
  constexpr size_t kSmall = 64 << 10;
  std::string bytes;
  if (exchange.gzip && reply.body.size() > kSmall) {
    bytes = co_await asio::co_spawn(service.pool, bytes_of(exchange, reply), asio::use_awaitable);
  } else {
    bytes = write_reply(exchange, reply);
  }
  stream.expires_after(service.options.limits.write_time);
  co_return co_await stream.write(bytes);
}

}  // namespace melete::server
