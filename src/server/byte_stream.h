// A client's connection as bytes, plain or under TLS: all that the rest of the server knows of
// sockets.

#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>

namespace melete::server {

struct ReadResult {
  boost::system::error_code error;  // also for a client that has closed
  size_t bytes = 0;
};

// Lives on one network thread, where all of its calls belong. One read and one write may be under
// way at once. Asio cancellation ends a read without harm to what comes after.
class ByteStream {
 public:
  explicit ByteStream(boost::asio::ip::tcp::socket socket) : tcp_(std::move(socket)) {}
  virtual ~ByteStream() = default;

  // Agrees with the client on keys, where there are any; false where they do not, or not in time.
  // Called once, before all else.
  virtual boost::asio::awaitable<bool> open() = 0;

  // Waits for at least one byte.
  virtual boost::asio::awaitable<ReadResult> read_some(boost::asio::mutable_buffer space) = 0;

  // Writes all of it; `bytes` must stay until then. False when the client is gone or too slow.
  virtual boost::asio::awaitable<bool> write(std::string_view bytes) = 0;

  // The same two for code that is no coroutine. `done` runs later, on the connection's thread.
  using Done = std::move_only_function<void(boost::system::error_code, size_t)>;
  virtual void start_read(boost::asio::mutable_buffer space, Done done) = 0;
  virtual void start_write(boost::asio::const_buffer bytes, Done done) = 0;

  // Tells the client that nothing more comes.
  virtual boost::asio::awaitable<void> end_writing() = 0;

  // The time for what is begun from here on, together; where it passes, the connection is closed.
  void expires_after(std::chrono::milliseconds time) { tcp_.expires_after(time); }
  void expires_never() { tcp_.expires_never(); }

  // Ends the connection, and with it what is under way.
  void close() { tcp_.close(); }

  boost::asio::any_io_executor executor() { return tcp_.get_executor(); }

 protected:
  boost::beast::tcp_stream& tcp() { return tcp_; }

 private:
  boost::beast::tcp_stream tcp_;
};

std::unique_ptr<ByteStream> make_plain_stream(boost::asio::ip::tcp::socket socket);

// `context` must outlive the stream.
std::unique_ptr<ByteStream> make_tls_stream(boost::asio::ip::tcp::socket socket,
                                            boost::asio::ssl::context& context);

}  // namespace melete::server
