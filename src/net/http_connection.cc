// Beast and OpenSSL below the client.

#include "net/http_connection.h"

#include <fmt/format.h>
#include <netinet/tcp.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <utility>
#include <vector>

#include "base/base64.h"

namespace melete::net {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr size_t kBufferLimit = 256 * 1024;

ErrorCode code_of(const error_code& code) {
  if (code == beast::error::timeout) return ErrorCode::DeadlineExceeded;
  const bool is_malformed =
      code.category() == make_error_code(http::error::end_of_stream).category() &&
      code != http::error::end_of_stream && code != http::error::partial_message;
  return is_malformed ? ErrorCode::Corrupt : ErrorCode::Unavailable;
}

std::string reason_of(const error_code& code) {
  if (code == beast::error::timeout) return "it did not answer in time";
  const bool is_cut = code == http::error::end_of_stream || code == http::error::partial_message ||
                      code == asio::error::eof || code == asio::ssl::error::stream_truncated;
  return is_cut ? "the connection was cut" : code.message();
}

// Has the system find out within two minutes that the other side is gone without a word, as where
// its power failed: whoever waits for a long answer would wait for ever.
void keep_alive(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  const std::pair<int, int> settings[] = {
      {TCP_KEEPIDLE, 60}, {TCP_KEEPINTVL, 15}, {TCP_KEEPCNT, 4}};
  for (const auto& [option, value] : settings) {
    ::setsockopt(socket.native_handle(), IPPROTO_TCP, option, &value, sizeof value);
  }
}

}  // namespace

HttpConnection::HttpConnection(asio::any_io_executor executor, asio::ssl::context& tls,
                               Endpoint endpoint)
    : endpoint_(std::move(endpoint)), stream_(executor, tls), buffer_(kBufferLimit) {}

asio::awaitable<Result<std::unique_ptr<HttpConnection>>> HttpConnection::open(
    asio::any_io_executor executor, asio::ssl::context& tls, Endpoint endpoint) {
  auto connection = std::make_unique<HttpConnection>(executor, tls, std::move(endpoint));
  connection->tcp().expires_after(connection->endpoint_.deadline);
  Result<void> ready = co_await connection->connect();
  const bool is_https = connection->endpoint_.url.is_https();
  if (ready && is_https && connection->endpoint_.proxy) ready = co_await connection->pass_proxy();
  if (ready && is_https) ready = co_await connection->shake_hands();
  if (!ready) co_return std::unexpected(ready.error());
  co_return connection;
}

std::unexpected<Error> HttpConnection::failure(std::string_view action,
                                               const error_code& code) const {
  const std::string by = endpoint_.proxy ? " by the proxy " + endpoint_.proxy->authority() : "";
  return fail(code_of(code),
              fmt::format("{} {}{}: {}", action, endpoint_.url.authority(), by, reason_of(code)),
              endpoint_.url.host);
}

asio::awaitable<Result<void>> HttpConnection::connect() {
  const Url& to = endpoint_.proxy ? *endpoint_.proxy : endpoint_.url;
  error_code code;
  tcp::resolver resolver(co_await asio::this_coro::executor);
  const std::string port = std::to_string(to.port);
  const auto addresses = co_await resolver.async_resolve(
      to.host, port, asio::redirect_error(asio::use_awaitable, code));
  if (code) {
    co_return fail(ErrorCode::Unavailable,
                   fmt::format("the address of {} cannot be found: {}", to.host, code.message()),
                   to.host);
  }
  tcp().expires_after(endpoint_.deadline);
  co_await tcp().async_connect(addresses, asio::redirect_error(asio::use_awaitable, code));
  if (code) co_return failure("cannot connect to", code);
  tcp().socket().set_option(tcp::no_delay(true), code);
  keep_alive(tcp().socket());
  co_return Result<void>();
}

asio::awaitable<Result<void>> HttpConnection::pass_proxy() {
  const std::string authority =
      fmt::format("{}:{}", endpoint_.url.written_host(), endpoint_.url.port);
  http::request<http::empty_body> request(http::verb::connect, authority, 11);
  request.set(http::field::host, authority);
  if (!endpoint_.proxy->credentials.empty()) {
    request.set(http::field::proxy_authorization, "Basic " + base64(endpoint_.proxy->credentials));
  }
  error_code code;
  co_await http::async_write(tcp(), request, asio::redirect_error(asio::use_awaitable, code));
  http::response_parser<http::empty_body> parser;
  parser.skip(true);
  if (!code) {
    co_await http::async_read_header(tcp(), buffer_, parser,
                                     asio::redirect_error(asio::use_awaitable, code));
  }
  if (code) co_return failure("the proxy does not lead to", code);
  if (parser.get().result() == http::status::ok) co_return Result<void>();
  co_return fail(ErrorCode::Unavailable,
                 fmt::format("the proxy {} refuses to lead to {} (status {})",
                             endpoint_.proxy->text(), authority, parser.get().result_int()),
                 "https_proxy");
}

asio::awaitable<Result<void>> HttpConnection::shake_hands() {
  error_code code;
  SSL_set_tlsext_host_name(stream_.native_handle(), endpoint_.url.host.c_str());
  stream_.set_verify_mode(asio::ssl::verify_peer, code);
  stream_.set_verify_callback(asio::ssl::host_name_verification(endpoint_.url.host), code);
  co_await stream_.async_handshake(asio::ssl::stream_base::client,
                                   asio::redirect_error(asio::use_awaitable, code));
  const long verdict = SSL_get_verify_result(stream_.native_handle());
  if (code && verdict != X509_V_OK) {
    // What OpenSSL says where the name alone was refused.
    const bool other_name = verdict == X509_V_ERR_UNSPECIFIED;
    co_return fail(
        ErrorCode::Unavailable,
        other_name
            ? fmt::format("the certificate of {} is for another name: ask by the name that it is "
                          "for",
                          endpoint_.url.authority())
            : fmt::format("the certificate of {} is not trusted ({}): name the PEM file of its "
                          "authority in SSL_CERT_FILE",
                          endpoint_.url.authority(), code.message()),
        endpoint_.url.host);
  }
  if (code) co_return failure("no secure connection to", code);
  co_return Result<void>();
}

asio::awaitable<Result<void>> HttpConnection::write(const RequestMessage& message,
                                                    std::chrono::seconds deadline) {
  error_code code;
  tcp().expires_after(deadline);
  if (endpoint_.url.is_https()) {
    co_await http::async_write(stream_, message, asio::redirect_error(asio::use_awaitable, code));
  } else {
    co_await http::async_write(tcp(), message, asio::redirect_error(asio::use_awaitable, code));
  }
  if (code) co_return failure("cannot send to", code);
  co_return Result<void>();
}

asio::awaitable<Result<void>> HttpConnection::read_header(ResponseParser& parser,
                                                          std::chrono::seconds deadline) {
  error_code code;
  tcp().expires_after(deadline);
  if (endpoint_.url.is_https()) {
    co_await http::async_read_header(stream_, buffer_, parser,
                                     asio::redirect_error(asio::use_awaitable, code));
  } else {
    co_await http::async_read_header(tcp(), buffer_, parser,
                                     asio::redirect_error(asio::use_awaitable, code));
  }
  if (code) co_return failure("no answer from", code);
  co_return Result<void>();
}

asio::awaitable<Result<void>> HttpConnection::read_body(ResponseParser& parser,
                                                        std::chrono::seconds deadline) {
  error_code code;
  tcp().expires_after(deadline);
  if (endpoint_.url.is_https()) {
    co_await http::async_read_some(stream_, buffer_, parser,
                                   asio::redirect_error(asio::use_awaitable, code));
  } else {
    co_await http::async_read_some(tcp(), buffer_, parser,
                                   asio::redirect_error(asio::use_awaitable, code));
  }
  if (code && code != http::error::need_buffer) co_return failure("reading from", code);
  co_return Result<void>();
}

bool HttpConnection::is_still_open() {
  if (buffer_.size() > 0) return false;
  error_code code;
  char byte = 0;
  auto& socket = tcp().socket();
  socket.non_blocking(true, code);
  if (code) return false;
  socket.receive(asio::buffer(&byte, 1), tcp::socket::message_peek, code);
  return code == asio::error::would_block;
}

}  // namespace melete::net
