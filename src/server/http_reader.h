// Reads HTTP/1.1 requests from a connection within limits of size and time.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <expected>
#include <optional>

#include "server/byte_stream.h"
#include "server/options.h"
#include "server/reply.h"

namespace melete::server {

using HttpRequest = boost::beast::http::request<boost::beast::http::string_body>;

// Why there is no request. Without a reply the connection just ends: the client left, or was too
// slow.
struct NoRequest {
  std::optional<Reply> reply;
};

// Waits for the first byte of a request; false when the client left or the idle time passed.
// `buffer` may hold bytes already.
boost::asio::awaitable<bool> await_request(ByteStream& stream, boost::beast::flat_buffer& buffer,
                                           const ServerLimits& limits);

// Reads one request. After a refusal the rest of its body is still unread: see linger().
boost::asio::awaitable<std::expected<HttpRequest, NoRequest>> read_http_request(
    ByteStream& stream, boost::beast::flat_buffer& buffer, const ServerLimits& limits);

// Ends a connection whose client may still be sending: tells it that nothing more comes, and takes
// and drops what it sends for some seconds, so that it sees the reply instead of a reset.
boost::asio::awaitable<void> linger(ByteStream& stream);

}  // namespace melete::server
