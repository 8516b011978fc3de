#include "server/http_reader.h"

#include <fmt/format.h>

#include <array>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <memory>
#include <string_view>
#include <utility>

namespace melete::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

using Parser = http::request_parser<http::string_body>;

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

bool head_is_read(const Parser& parser) {
  return parser.is_header_done();
}

bool all_is_read(const Parser& parser) {
  return parser.is_done();
}

// Gives the parser what comes until `done`; what comes behind that stays in `buffer`.
asio::awaitable<beast::error_code> feed(ByteStream& stream, beast::flat_buffer& buffer,
                                        Parser& parser, bool (*done)(const Parser&)) {
  constexpr size_t kHeadPiece = 2048;
  constexpr size_t kBodyPiece = 64 << 10;
  constexpr size_t kMostChunkHead = 16 << 10;
  while (!done(parser)) {
    beast::error_code error;
    const size_t used = parser.put(buffer.data(), error);
    buffer.consume(used);
    if (error && error != http::error::need_more) co_return error;
    if (done(parser)) break;
    if (used > 0 && buffer.size() > 0 && !error) continue;
    // Of a body only a chunk's head or the trailer can be left, which the parser takes as a whole.
    if (parser.is_header_done() && used == 0 && buffer.size() > kMostChunkHead) {
      co_return http::make_error_code(http::error::header_limit);
    }
    const size_t space = parser.is_header_done() ? kBodyPiece : kHeadPiece;
    const ReadResult read = co_await stream.read_some(buffer.prepare(space));
    if (read.error) co_return read.error;
    buffer.commit(read.bytes);
  }
  co_return beast::error_code{};
}

// Clients with large bodies ask before they send one.
asio::awaitable<bool> invite_body(ByteStream& stream, const Parser& parser) {
  const auto expectation = parser.get()[http::field::expect];
  if (!beast::iequals(expectation, "100-continue")) co_return true;
  co_return co_await stream.write("HTTP/1.1 100 Continue\r\n\r\n");
}

}  // namespace

asio::awaitable<bool> await_request(ByteStream& stream, beast::flat_buffer& buffer,
                                    const ServerLimits& limits) {
  constexpr size_t kFirstBytes = 2048;
  if (buffer.size() > 0) co_return true;
  stream.expires_after(limits.idle_time);
  const ReadResult read = co_await stream.read_some(buffer.prepare(kFirstBytes));
  if (read.error) co_return false;
  buffer.commit(read.bytes);
  co_return true;
}

asio::awaitable<std::expected<HttpRequest, NoRequest>> read_http_request(
    ByteStream& stream, beast::flat_buffer& buffer, const ServerLimits& limits) {
  Parser parser;
  parser.header_limit(limits.header_bytes);
  parser.body_limit(limits.body_bytes);

  stream.expires_after(limits.header_time);
  beast::error_code error = co_await feed(stream, buffer, parser, head_is_read);
  if (error) co_return std::unexpected(refusal(error, limits));

  stream.expires_after(limits.body_time);
  if (!co_await invite_body(stream, parser)) co_return std::unexpected(NoRequest{});
  parser.eager(true);
  error = co_await feed(stream, buffer, parser, all_is_read);
  if (error) co_return std::unexpected(refusal(error, limits));
  stream.expires_never();
  co_return parser.release();
}

asio::awaitable<void> linger(ByteStream& stream) {
  constexpr auto kMostTime = std::chrono::seconds(10);
  constexpr auto kMostSilence = std::chrono::seconds(2);
  co_await stream.end_writing();
  auto dropped = std::make_unique<std::array<char, 64 << 10>>();
  const auto end = std::chrono::steady_clock::now() + kMostTime;
  while (std::chrono::steady_clock::now() < end) {
    stream.expires_after(kMostSilence);
    const ReadResult read = co_await stream.read_some(asio::buffer(*dropped));
    if (read.error) co_return;
  }
}

}  // namespace melete::server
