// A client's connection as Beast's WebSocket wants what it stands on.

#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <string>
#include <utility>

#include "server/byte_stream.h"

namespace melete::server {

// What is under way ends with the stream's close(), not by Asio cancellation.
//
// Lives on its connection's thread. `stream` and `early` must outlive it.
class WebSocketLayer {
 public:
  using executor_type = boost::asio::any_io_executor;

  // `early`: what the client sent behind its request, which is read first.
  WebSocketLayer(ByteStream& stream, boost::beast::flat_buffer& early)
      : stream_(stream), early_(early) {}

  executor_type get_executor() { return stream_.executor(); }

  // When the client last sent anything.
  std::chrono::steady_clock::time_point heard_at() const { return heard_at_; }

  template <typename Space, typename Token>
  auto async_read_some(const Space& space, Token&& token) {
    const auto initiate = [this](auto handler, boost::asio::mutable_buffer first) {
      read(first, std::move(handler));
    };
    return boost::asio::async_initiate<Token, void(boost::system::error_code, size_t)>(
        initiate, token, *boost::asio::buffer_sequence_begin(space));
  }

  // Writes all of it at once, so that a frame's head and its text share a packet. One at a time.
  template <typename Bytes, typename Token>
  auto async_write_some(const Bytes& bytes, Token&& token) {
    const auto initiate = [this](auto handler, std::string text) {
      write(std::move(text), std::move(handler));
    };
    return boost::asio::async_initiate<Token, void(boost::system::error_code, size_t)>(
        initiate, token, boost::beast::buffers_to_string(bytes));
  }

  // The connection ends itself after the last frame.
  template <typename Handler>
  friend void async_teardown(boost::beast::role_type /*role*/, WebSocketLayer& layer,
                             Handler&& handler) {
    boost::asio::post(layer.get_executor(), [handler = std::forward<Handler>(handler)]() mutable {
      handler(boost::system::error_code());
    });
  }

  friend void beast_close_socket(WebSocketLayer& layer) { layer.stream_.close(); }

 private:
  void read(boost::asio::mutable_buffer space, ByteStream::Done done) {
    const size_t early = boost::asio::buffer_copy(space, early_.data());
    if (early == 0) {
      stream_.start_read(space, [this, done = std::move(done)](auto error, size_t bytes) mutable {
        heard_at_ = std::chrono::steady_clock::now();
        done(error, bytes);
      });
      return;
    }
    early_.consume(early);
    boost::asio::post(get_executor(), [done = std::move(done), early]() mutable {
      done(boost::system::error_code(), early);
    });
  }

  void write(std::string text, ByteStream::Done done) {
    writing_ = std::move(text);
    stream_.start_write(boost::asio::buffer(writing_), std::move(done));
  }

  ByteStream& stream_;
  boost::beast::flat_buffer& early_;
  std::string writing_;
  std::chrono::steady_clock::time_point heard_at_ = std::chrono::steady_clock::now();
};

}  // namespace melete::server
