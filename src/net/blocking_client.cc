// Each call runs an event loop of its own until its coroutine has ended.

#include "net/blocking_client.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <utility>

namespace melete::net {
namespace asio = boost::asio;

struct BlockingHttpClient::Parts {
  explicit Parts(HttpClientOptions options) : client(io.get_executor(), std::move(options)) {}

  template <typename T>
  Result<T> run(asio::awaitable<Result<T>> work) {
    Result<T> result = fail(ErrorCode::Internal, "the request did not end");
    asio::co_spawn(io, std::move(work), [&](const std::exception_ptr& thrown, Result<T> done) {
      if (thrown) std::rethrow_exception(thrown);
      result = std::move(done);
    });
    io.run();
    io.restart();
    return result;
  }

  asio::io_context io{1};
  HttpClient client;
  std::unique_ptr<HttpExchange> exchange;
};

BlockingHttpClient::BlockingHttpClient(HttpClientOptions options)
    : parts_(std::make_unique<Parts>(std::move(options))) {}

BlockingHttpClient::~BlockingHttpClient() = default;

Result<HttpHead> BlockingHttpClient::start(HttpRequest request) {
  parts_->exchange.reset();
  auto exchange = parts_->run(parts_->client.start(std::move(request)));
  if (!exchange) return std::unexpected(exchange.error());
  parts_->exchange = std::move(*exchange);
  return parts_->exchange->head();
}

Result<std::optional<std::string>> BlockingHttpClient::read() {
  if (!parts_->exchange) return std::optional<std::string>();
  auto piece = parts_->run(parts_->exchange->read());
  if (piece && !*piece) parts_->exchange.reset();
  return piece;
}

}  // namespace melete::net
