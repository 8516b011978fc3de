// One WebSocket (RFC 6455) on a client's connection: messages in and out.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "server/byte_stream.h"
#include "server/http_reader.h"
#include "server/reply.h"

namespace melete::server {

// RFC 6455, section 7.4.1.
enum class CloseCode : uint16_t { GoingAway = 1001, Refused = 1008, TooLarge = 1009 };

struct SocketMessage {
  enum class Kind {
    Text,
    Binary,
    TooLarge,  // the rest of it is still to come, so nothing can be read behind it
    Closed,    // the client has taken its leave, and was answered
    Broken,    // the client spoke no WebSocket, and was told so
    Gone,      // the connection has ended
  };
  Kind kind = Kind::Gone;
  std::string text;  // of Text alone; valid UTF-8
};

// Lives on its connection's thread. One read, one write and one ping may be under way at once;
// pings of the client are answered by reads. What waits ends with the stream's close(), and asio
// cancellation does nothing to it.
class WebSocket {
 public:
  // `early` holds what the client sent behind its request. Both must outlive the socket.
  WebSocket(ByteStream& stream, boost::beast::flat_buffer& early);
  ~WebSocket();

  // Answers the request for the change of protocol, which must be right, with `headers` beside what
  // the protocol wants. False where the client is gone.
  boost::asio::awaitable<bool> accept(const HttpRequest& request, const Headers& headers);

  // The next message, of at most `most_bytes`.
  boost::asio::awaitable<SocketMessage> read(size_t most_bytes);

  // Sends a text, which must stay until then; false where the client is gone.
  boost::asio::awaitable<bool> write(std::string_view text);

  boost::asio::awaitable<void> ping();

  // Says why nothing more comes, in at most 123 bytes, and waits up to `patience` for the client to
  // agree; then the stream is closed. After it the stream may be ended in good order.
  boost::asio::awaitable<void> close(CloseCode code, std::string_view why,
                                     std::chrono::milliseconds patience);

  // When the client last sent anything or took a text.
  std::chrono::steady_clock::time_point moved_at() const;

 private:
  struct Parts;
  const std::unique_ptr<Parts> parts_;
};

}  // namespace melete::server
