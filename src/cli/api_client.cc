// Boost.Beast, one connection for each request.

#include "cli/api_client.h"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <limits>
#include <utility>

namespace melete::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr auto kConnectTime = std::chrono::seconds(10);
constexpr size_t kPieceBytes = 16384;

std::unexpected<Error> unreachable(const ServerAddress& address, const error_code& code) {
  return fail(ErrorCode::Unavailable,
              fmt::format("no server answers at {}:{} ({}): start one with `melete serve`, or give "
                          "another --server",
                          address.host, address.port, code.message()),
              "server");
}

std::unexpected<Error> cancelled() {
  return fail(ErrorCode::Cancelled, "the answer was stopped");
}

http::request<http::string_body> message_of(const ServerAddress& address, ApiRequest request) {
  http::request<http::string_body> message;
  message.method_string(request.method);
  message.target(address.prefix + request.path);
  message.version(11);
  message.set(http::field::host, address.host + ":" + address.port);
  message.set(http::field::accept, "application/json, text/event-stream");
  message.set(http::field::connection, "close");
  if (!request.body.empty()) message.set(http::field::content_type, "application/json");
  message.body() = std::move(request.body);
  message.prepare_payload();
  return message;
}

class BeastExchange final : public ApiExchange, public std::enable_shared_from_this<BeastExchange> {
 public:
  explicit BeastExchange(asio::any_io_executor executor) : stream_(std::move(executor)) {
    parser_.body_limit(std::numeric_limits<uint64_t>::max());
  }

  asio::awaitable<Result<void>> open(ServerAddress address, ApiRequest request) override {
    error_code code;
    asio::ip::tcp::resolver resolver(stream_.get_executor());
    const auto found = co_await resolver.async_resolve(
        address.host, address.port, asio::redirect_error(asio::use_awaitable, code));
    if (cancelled_) co_return cancelled();
    if (code) co_return unreachable(address, code);
    stream_.expires_after(kConnectTime);
    co_await stream_.async_connect(found, asio::redirect_error(asio::use_awaitable, code));
    if (cancelled_) co_return cancelled();
    if (code) co_return unreachable(address, code);
    stream_.expires_never();
    // A server that refuses a large body may answer before it has read all of it: the answer
    // decides.
    const auto message = message_of(address, std::move(request));
    error_code write_code;
    co_await http::async_write(stream_, message,
                               asio::redirect_error(asio::use_awaitable, write_code));
    co_await http::async_read_header(stream_, buffer_, parser_,
                                     asio::redirect_error(asio::use_awaitable, code));
    if (cancelled_) co_return cancelled();
    if (code) co_return unreachable(address, write_code ? write_code : code);
    co_return Result<void>{};
  }

  int status() const override { return parser_.get().result_int(); }

  asio::awaitable<Result<std::optional<std::string>>> read() override {
    while (!parser_.is_done()) {
      auto& body = parser_.get().body();
      body.data = piece_.data();
      body.size = piece_.size();
      error_code code;
      co_await http::async_read_some(stream_, buffer_, parser_,
                                     asio::redirect_error(asio::use_awaitable, code));
      if (cancelled_) co_return cancelled();
      if (code && code != http::error::need_buffer) {
        co_return fail(ErrorCode::Unavailable,
                       "the server closed the connection in the middle of its answer (" +
                           code.message() + "): look at the server's log");
      }
      const size_t bytes = piece_.size() - body.size;
      if (bytes > 0) co_return std::optional(std::string(piece_.data(), bytes));
    }
    co_return std::nullopt;
  }

  void cancel() override {
    cancelled_ = true;
    asio::post(stream_.get_executor(), [self = shared_from_this()] { self->stream_.cancel(); });
  }

 private:
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::response_parser<http::buffer_body> parser_;
  std::array<char, kPieceBytes> piece_{};
  std::atomic<bool> cancelled_ = false;
};

bool is_port(const std::string& text) {
  return !text.empty() && text.size() <= 5 &&
         text.find_first_not_of("0123456789") == std::string::npos && std::stoi(text) <= 65535 &&
         std::stoi(text) > 0;
}

// Takes "host", "host:port", "[address]" or "[address]:port" apart.
std::optional<ServerAddress> parse_authority(const std::string& text) {
  ServerAddress address{.host = text, .port = "8080", .prefix = ""};
  size_t colon = text.rfind(':');
  if (text.starts_with('[')) {
    const size_t bracket = text.find(']');
    if (bracket == std::string::npos) return std::nullopt;
    address.host = text.substr(1, bracket - 1);
    colon = bracket + 1 < text.size() ? bracket + 1 : std::string::npos;
    if (colon != std::string::npos && text[colon] != ':') return std::nullopt;
  } else if (colon != std::string::npos) {
    address.host = text.substr(0, colon);
  }
  if (colon != std::string::npos) address.port = text.substr(colon + 1);
  if (address.host.empty() || !is_port(address.port)) return std::nullopt;
  return address;
}

}  // namespace

Result<ServerAddress> parse_server(const std::string& url) {
  std::string rest = url;
  if (rest.starts_with("https://")) {
    return fail(
        ErrorCode::Unsupported,
        fmt::format("{} uses https, which `melete` does not speak as a client yet: give the "
                    "http address of the server",
                    url),
        "server");
  }
  if (rest.starts_with("http://")) rest.erase(0, 7);
  const size_t slash = std::min(rest.find('/'), rest.size());
  auto address = parse_authority(rest.substr(0, slash));
  if (!address || rest.find_first_of("?#@ ") != std::string::npos) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("\"{}\" is no server address: write it like http://127.0.0.1:8080", url),
        "server");
  }
  address->prefix = rest.substr(slash);
  while (address->prefix.ends_with('/')) address->prefix.pop_back();
  if (address->prefix.ends_with("/v1")) address->prefix.resize(address->prefix.size() - 3);
  return *address;
}

std::shared_ptr<ApiExchange> make_exchange(asio::any_io_executor executor) {
  return std::make_shared<BeastExchange>(std::move(executor));
}

asio::awaitable<Result<std::string>> read_all(ApiExchange& exchange) {
  std::string text;
  while (true) {
    auto piece = co_await exchange.read();
    if (!piece) co_return std::unexpected(piece.error());
    if (!*piece) co_return text;
    text += **piece;
  }
}

}  // namespace melete::cli
