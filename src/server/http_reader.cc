#include "server/http_reader.h"

#include <fmt/format.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <utility>

namespace melete::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

using Parser = http::request_parser<http::string_body>;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

bool is_syntax_error(const beast::error_code& error) {
  return error.category() == http::make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

NoRequest refusal(const beast::error_code& error, const ServerLimits& limits) {
  if (error == http::error::body_limit) {
    return {error_reply(
        {ErrorCode::TooLarge,
         fmt::format("The body is larger than {} bytes: send less.", limits.body_bytes)})};
  }
  if (error == http::error::header_limit) {
    return {error_reply({ErrorCode::TooLarge,
                         fmt::format("The request's head is larger than {} bytes: send fewer or "
                                     "shorter headers.",
                                     limits.header_bytes)},
                        431)};
  }
  if (!is_syntax_error(error)) return {};
  return {
      error_reply({ErrorCode::InvalidArgument,
                   fmt::format("This is not HTTP as the server reads it: {}.", error.message())})};
}

// Clients with large bodies ask before they send one.
asio::awaitable<beast::error_code> invite_body(beast::tcp_stream& stream, const Parser& parser) {
  const auto expectation = parser.get()[http::field::expect];
  if (!beast::iequals(expectation, "100-continue")) co_return beast::error_code{};
  constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  const auto [error, bytes] = co_await asio::async_write(stream, asio::buffer(kContinue), kTuple);
  co_return error;
}

}  // namespace

asio::awaitable<bool> await_request(beast::tcp_stream& stream, beast::flat_buffer& buffer,
                                    const ServerLimits& limits) {
  constexpr size_t kFirstBytes = 2048;
  if (buffer.size() > 0) co_return true;
  stream.expires_after(limits.idle_time);
  const auto [error, bytes] = co_await stream.async_read_some(buffer.prepare(kFirstBytes), kTuple);
  if (error) co_return false;
  buffer.commit(bytes);
  co_return true;
}

asio::awaitable<std::expected<HttpRequest, NoRequest>> read_http_request(
    beast::tcp_stream& stream, beast::flat_buffer& buffer, const ServerLimits& limits) {
  Parser parser;
  parser.header_limit(limits.header_bytes);
  parser.body_limit(limits.body_bytes);

  stream.expires_after(limits.header_time);
  auto [error, bytes] = co_await http::async_read_header(stream, buffer, parser, kTuple);
  if (error) co_return std::unexpected(refusal(error, limits));

  stream.expires_after(limits.body_time);
  error = co_await invite_body(stream, parser);
  if (error) co_return std::unexpected(NoRequest{});
  if (!parser.is_done()) {
    std::tie(error, bytes) = co_await http::async_read(stream, buffer, parser, kTuple);
    if (error) co_return std::unexpected(refusal(error, limits));
  }
  stream.expires_never();
  co_return parser.release();
}

asio::awaitable<void> linger(beast::tcp_stream& stream) {
  constexpr auto kMostTime = std::chrono::seconds(10);
  constexpr auto kMostSilence = std::chrono::seconds(2);
  beast::error_code ignored;
  stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  auto dropped = std::make_unique<std::array<char, 64 << 10>>();
  const auto end = std::chrono::steady_clock::now() + kMostTime;
  while (std::chrono::steady_clock::now() < end) {
    stream.expires_after(kMostSilence);
    const auto [error, bytes] = co_await stream.async_read_some(asio::buffer(*dropped), kTuple);
    if (error) co_return;
  }
}

}  // namespace melete::server
