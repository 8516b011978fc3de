#include "cli/api_client.h"

#include <fmt/format.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <utility>
#include <variant>

#include "models/user_directories.h"
#include "server/self_signed.h"

namespace melete::cli {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;  // NOLINT(google-build-using-namespace)

constexpr uint16_t kUsualPort = 8080;
constexpr auto kConnectTime = std::chrono::seconds(10);
constexpr auto kNoLimit = std::chrono::hours(24 * 365);

std::unexpected<Error> cancelled() {
  return fail(ErrorCode::Cancelled, "the answer was stopped");
}

net::HttpClientOptions client_options() {
  net::HttpClientOptions options;
  const auto own = server::certificate_in(models::user_tls_directory());
  std::error_code ignored;
  if (std::filesystem::exists(own, ignored)) options.trusted = own.string();
  return options;
}

net::HttpRequest message_of(net::Url server, ApiRequest request) {
  net::HttpRequest message;
  message.method = std::move(request.method);
  message.url = std::move(server);
  message.url.target += request.path;
  message.headers.push_back({"Accept", "application/json, text/event-stream"});
  if (!request.body.empty()) message.headers.push_back({"Content-Type", "application/json"});
  const char* key = std::getenv("MELETE_API_KEY");
  if (key && *key) message.headers.push_back({"Authorization", fmt::format("Bearer {}", key)});
  message.body = std::move(request.body);
  message.connect_deadline = kConnectTime;
  message.answer_deadline = kNoLimit;
  message.read_deadline = kNoLimit;
  return message;
}

}  // namespace

Result<net::Url> parse_server(const std::string& url) {
  const std::string text = url.find("://") == std::string::npos ? "http://" + url : url;
  auto server = net::parse_url(text);
  if (!server || url.find_first_of("?#@") != std::string::npos) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("\"{}\" is no server address: write it like http://127.0.0.1:8080", url),
        "server");
  }
  const size_t start = text.find("://") + 3;
  const std::string authority = text.substr(start, text.find('/', start) - start);
  const bool names_port = authority.find(':') != std::string::npos && !authority.ends_with(']');
  if (!names_port && !server->is_https()) server->port = kUsualPort;
  std::string& path = server->target;
  while (path.ends_with('/')) path.pop_back();
  if (path.ends_with("/v1")) path.resize(path.size() - 3);
  return server;
}

ApiExchange::ApiExchange(const asio::any_io_executor& executor)
    : client_(executor, client_options()), bell_(executor, asio::steady_timer::time_point::max()) {}

asio::awaitable<Result<void>> ApiExchange::open(net::Url server, ApiRequest request) {
  auto answered =
      co_await unless_cancelled(client_.start(message_of(std::move(server), std::move(request))));
  if (answered) {
    exchange_ = std::move(*answered);
    co_return Result<void>{};
  }
  Error error = answered.error();
  if (error.code != ErrorCode::Cancelled) {
    error.message += "; start a server with `melete serve`, or give another --server";
    error.parameter = "server";
  }
  co_return std::unexpected(std::move(error));
}

asio::awaitable<Result<std::optional<std::string>>> ApiExchange::read() {
  auto piece = co_await unless_cancelled(exchange_->read());
  if (!piece && piece.error().code != ErrorCode::Cancelled) {
    co_return fail(
        ErrorCode::Unavailable,
        piece.error().message + " in the middle of the answer: look at the server's log");
  }
  co_return piece;
}

void ApiExchange::cancel() {
  cancelled_ = true;
  asio::post(bell_.get_executor(), [self = shared_from_this()] { self->bell_.cancel(); });
}

asio::awaitable<void> ApiExchange::until_cancelled() {
  boost::system::error_code rung;
  if (!cancelled_) co_await bell_.async_wait(asio::redirect_error(asio::use_awaitable, rung));
}

template <typename T>
asio::awaitable<Result<T>> ApiExchange::unless_cancelled(asio::awaitable<Result<T>> work) {
  if (cancelled_) co_return cancelled();
  auto first = co_await (std::move(work) || until_cancelled());
  if (cancelled_ || first.index() == 1) co_return cancelled();
  co_return std::move(std::get<0>(first));
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
