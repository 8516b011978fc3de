#include "server/byte_stream.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <utility>

namespace melete::server {

namespace asio = boost::asio;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

class PlainStream final : public ByteStream {
 public:
  using ByteStream::ByteStream;

  asio::awaitable<bool> open() override { co_return true; }

  asio::awaitable<ReadResult> read_some(asio::mutable_buffer space) override {
    const auto [error, bytes] = co_await tcp().async_read_some(space, kTuple);
    co_return ReadResult{error, bytes};
  }

  asio::awaitable<bool> write(std::string_view bytes) override {
    const auto [error, count] = co_await asio::async_write(tcp(), asio::buffer(bytes), kTuple);
    co_return !error;
  }

  void start_read(asio::mutable_buffer space, Done done) override {
    tcp().async_read_some(space, std::move(done));
  }

  void start_write(asio::const_buffer bytes, Done done) override {
    asio::async_write(tcp(), bytes, std::move(done));
  }

  asio::awaitable<void> end_writing() override {
    boost::system::error_code ignored;
    tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    co_return;
  }
};

class TlsStream final : public ByteStream {
 public:
  TlsStream(asio::ip::tcp::socket socket, asio::ssl::context& context)
      : ByteStream(std::move(socket)), tls_(tcp(), context) {}

  asio::awaitable<bool> open() override {
    const auto [error] = co_await tls_.async_handshake(asio::ssl::stream_base::server, kTuple);
    co_return !error;
  }

  asio::awaitable<ReadResult> read_some(asio::mutable_buffer space) override {
    const auto [error, bytes] = co_await tls_.async_read_some(space, kTuple);
    co_return ReadResult{error, bytes};
  }

  asio::awaitable<bool> write(std::string_view bytes) override {
    const auto [error, count] = co_await asio::async_write(tls_, asio::buffer(bytes), kTuple);
    co_return !error;
  }

  void start_read(asio::mutable_buffer space, Done done) override {
    tls_.async_read_some(space, std::move(done));
  }

  void start_write(asio::const_buffer bytes, Done done) override {
    asio::async_write(tls_, bytes, std::move(done));
  }

  // A client may owe its own farewell for ever.
  asio::awaitable<void> end_writing() override {
    constexpr auto kMostTime = std::chrono::seconds(1);
    expires_after(kMostTime);
    co_await tls_.async_shutdown(kTuple);
    boost::system::error_code ignored;
    tcp().socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }

 private:
  asio::ssl::stream<boost::beast::tcp_stream&> tls_;
};

}  // namespace

std::unique_ptr<ByteStream> make_plain_stream(asio::ip::tcp::socket socket) {
  return std::make_unique<PlainStream>(std::move(socket));
}

std::unique_ptr<ByteStream> make_tls_stream(asio::ip::tcp::socket socket,
                                            asio::ssl::context& context) {
  return std::make_unique<TlsStream>(std::move(socket), context);
}

}  // namespace melete::server
