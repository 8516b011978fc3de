#include "server/websocket.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "server/websocket_layer.h"

namespace melete::server {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using namespace asio::experimental::awaitable_operators;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

using Kind = SocketMessage::Kind;

Kind end_of(const beast::error_code& error) {
  if (error == websocket::error::closed) return Kind::Closed;
  const auto protocol = websocket::make_error_code(websocket::error::closed);
  return error.category() == protocol.category() ? Kind::Broken : Kind::Gone;
}

}  // namespace

// Texts are short and often: they are neither cut into frames nor compressed.
struct WebSocket::Parts {
  Parts(ByteStream& given, beast::flat_buffer& early) : stream(given), socket(given, early) {
    socket.auto_fragment(false);
    socket.read_message_max(0);
    socket.text(true);
  }

  asio::awaitable<void> say_close(websocket::close_reason reason) {
    co_await socket.async_close(reason, kTuple);
  }

  asio::awaitable<void> cut_after(std::chrono::milliseconds patience) {
    asio::steady_timer timer(stream.executor(), patience);
    const auto [error] = co_await timer.async_wait(kTuple);
    if (!error) stream.close();
  }

  ByteStream& stream;
  websocket::stream<WebSocketLayer, false> socket;
  std::chrono::steady_clock::time_point taken_at = std::chrono::steady_clock::now();
};

WebSocket::WebSocket(ByteStream& stream, beast::flat_buffer& early)
    : parts_(std::make_unique<Parts>(stream, early)) {}

WebSocket::~WebSocket() = default;

asio::awaitable<bool> WebSocket::accept(const HttpRequest& request, const Headers& headers) {
  parts_->socket.set_option(
      websocket::stream_base::decorator([&headers](websocket::response_type& response) {
        for (const auto& [name, value] : headers) response.set(name, value);
      }));
  const auto [error] = co_await parts_->socket.async_accept(request, kTuple);
  co_return !error;
}

asio::awaitable<SocketMessage> WebSocket::read(size_t most_bytes) {
  constexpr size_t kPiece = 4 << 10;
  constexpr size_t kMostAtOnce = 64 << 10;
  auto& socket = parts_->socket;
  SocketMessage message;
  size_t size = 0;
  do {
    const size_t space = std::min(socket.read_size_hint(kPiece), kMostAtOnce);
    message.text.resize(size + space);
    const auto [error, bytes] =
        co_await socket.async_read_some(asio::buffer(message.text.data() + size, space), kTuple);
    if (error) {
      message.kind = end_of(error);
      co_return message;
    }
    size += bytes;
    if (size > most_bytes) {
      message.kind = Kind::TooLarge;
      co_return message;
    }
  } while (!socket.is_message_done());
  message.text.resize(size);
  message.kind = socket.got_text() ? Kind::Text : Kind::Binary;
  co_return message;
}

asio::awaitable<bool> WebSocket::write(std::string_view text) {
  const auto [error, bytes] = co_await parts_->socket.async_write(asio::buffer(text), kTuple);
  parts_->taken_at = std::chrono::steady_clock::now();
  co_return !error;
}

asio::awaitable<void> WebSocket::ping() {
  co_await parts_->socket.async_ping({}, kTuple);
}

asio::awaitable<void> WebSocket::close(CloseCode code, std::string_view why,
                                       std::chrono::milliseconds patience) {
  constexpr size_t kMostBytes = 123;
  const std::string_view shown = why.substr(0, kMostBytes);
  const websocket::close_reason reason(static_cast<websocket::close_code>(code),
                                       beast::string_view(shown.data(), shown.size()));
  co_await (parts_->say_close(reason) || parts_->cut_after(patience));
}

std::chrono::steady_clock::time_point WebSocket::moved_at() const {
  return std::max(parts_->taken_at, parts_->socket.next_layer().heard_at());
}

}  // namespace melete::server
