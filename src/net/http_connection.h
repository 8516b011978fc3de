// One connection to a server, plain or TLS, perhaps through a proxy. Used by HttpClient only.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "net/url.h"

namespace melete::net {

using RequestMessage = boost::beast::http::request<boost::beast::http::string_body>;
using ResponseParser = boost::beast::http::response_parser<boost::beast::http::buffer_body>;

struct Endpoint {
  Url url;                   // scheme, host and port count
  std::optional<Url> proxy;  // through which it is reached
  std::chrono::seconds deadline{20};
};

// Belongs to one coroutine at a time.
class HttpConnection {
 public:
  // Connects, through the proxy where there is one, and shakes hands where the address is https.
  // Fails with Unavailable or DeadlineExceeded.
  static boost::asio::awaitable<Result<std::unique_ptr<HttpConnection>>> open(
      boost::asio::any_io_executor executor, boost::asio::ssl::context& tls, Endpoint endpoint);

  HttpConnection(boost::asio::any_io_executor executor, boost::asio::ssl::context& tls,
                 Endpoint endpoint);

  // Each fails with Unavailable, DeadlineExceeded or Corrupt; the connection is then of no further
  // use.
  boost::asio::awaitable<Result<void>> write(const RequestMessage& message,
                                             std::chrono::seconds deadline);
  boost::asio::awaitable<Result<void>> read_header(ResponseParser& parser,
                                                   std::chrono::seconds deadline);
  // Reads some of the body into the parser's buffer; stops when it is full or the body ends.
  boost::asio::awaitable<Result<void>> read_body(ResponseParser& parser,
                                                 std::chrono::seconds deadline);

  // Whether the server has neither closed nor sent anything while the connection lay idle.
  bool is_still_open();

 private:
  boost::asio::awaitable<Result<void>> connect();
  boost::asio::awaitable<Result<void>> pass_proxy();
  boost::asio::awaitable<Result<void>> shake_hands();
  boost::beast::tcp_stream& tcp() { return stream_.next_layer(); }
  std::unexpected<Error> failure(std::string_view action,
                                 const boost::system::error_code& code) const;

  Endpoint endpoint_;
  boost::asio::ssl::stream<boost::beast::tcp_stream> stream_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace melete::net
