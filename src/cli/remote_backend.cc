// A stream opens its connection at its first next(), and reads only when it is asked for more.

#include "cli/remote_backend.h"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <deque>
#include <mutex>
#include <utility>

#include "base/json.h"
#include "cli/completion_wire.h"
#include "cli/sse_reader.h"

namespace melete::cli {
namespace {

namespace asio = boost::asio;

class RemoteStream final : public chat::Stream {
 public:
  RemoteStream(net::Url server, chat::Request request)
      : server_(std::move(server)), request_(std::move(request)) {}

  asio::awaitable<std::optional<chat::Event>> next() override {
    while (ready_.empty() && !ended_) co_await fetch();
    if (ready_.empty()) co_return std::nullopt;
    chat::Event event = std::move(ready_.front());
    ready_.pop_front();
    co_return event;
  }

  Result<void> control(chat::Control control) override {
    if (!std::holds_alternative<chat::Stop>(control)) {
      return fail(ErrorCode::Unsupported, "a running answer of a server can only be stopped");
    }
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    if (exchange_) exchange_->cancel();
    return {};
  }

 private:
  // Makes events ready, or ends.
  asio::awaitable<void> fetch() {
    if (!exchange_) {
      const auto opened = co_await open();
      if (!opened) co_return end_failed(opened.error());
    }
    const std::shared_ptr<ApiExchange> exchange = exchange_;
    const auto piece = co_await exchange->read();
    if (!piece) co_return end_failed(piece.error());
    if (!*piece) co_return end_failed(cut_off());
    events_.feed(**piece);
    while (const auto data = events_.take()) {
      auto read = chunks_.read(*data);
      if (!read) co_return end_failed(read.error());
      for (chat::Event& event : *read) ready_.push_back(std::move(event));
      if (chunks_.ended()) co_return end();
    }
  }

  // Waits until a stream of events has begun.
  asio::awaitable<Result<void>> open() {
    const auto body = write_request(request_);
    if (!body) co_return std::unexpected(body.error());
    const auto exchange = std::make_shared<ApiExchange>(co_await asio::this_coro::executor);
    keep(exchange);
    ApiRequest request{"POST", "/v1/chat/completions", *body};
    const auto opened = co_await exchange->open(server_, std::move(request));
    if (!opened) co_return opened;
    if (exchange->status() == 200) co_return Result<void>{};
    const auto text = co_await read_all(*exchange);
    co_return std::unexpected(read_error(exchange->status(), text.value_or("")));
  }

  void keep(std::shared_ptr<ApiExchange> exchange) {
    const std::lock_guard lock(mutex_);
    exchange_ = std::move(exchange);
    if (stopped_ && exchange_) exchange_->cancel();
  }

  static Error cut_off() {
    return {ErrorCode::Unavailable,
            "the server closed the connection before the answer was complete: look at its log",
            "server"};
  }

  // A stopped answer ends in order, whatever its connection said last.
  void end_failed(Error error) {
    if (stopped_) {
      ready_.push_back({.payload = chat::Finished{chat::FinishReason::Stopped}});
    } else {
      ready_.push_back({.payload = chat::Failed{std::move(error)}});
    }
    end();
  }

  // Also gives the connection back, since the event loop may go before the stream does.
  void end() {
    ended_ = true;
    keep(nullptr);
  }

  const net::Url server_;
  const chat::Request request_;
  SseReader events_;
  ChunkReader chunks_;
  std::deque<chat::Event> ready_;
  bool ended_ = false;
  std::mutex mutex_;
  std::shared_ptr<ApiExchange>
      exchange_;  // written by the reader under mutex_; null before and after
  std::atomic<bool> stopped_ = false;
};

Result<std::vector<std::string>> read_names(const std::string& body) {
  const auto json = parse_json(body);
  std::vector<std::string> names;
  if (!json || !json->is_object() || !json->contains("data") || !(*json)["data"].is_array()) {
    return fail(ErrorCode::Unavailable,
                "the server's list of models cannot be read: is it a Melete?", "server");
  }
  for (const Json& model : (*json)["data"]) {
    if (!model.is_object() || !model.contains("id") || !model["id"].is_string()) continue;
    const bool is_mode = model.contains("melete") && model["melete"].contains("mode");
    if (!is_mode) names.push_back(model["id"]);
  }
  return names;
}

asio::awaitable<Result<std::vector<std::string>>> fetch_names(net::Url server) {
  const auto exchange = std::make_shared<ApiExchange>(co_await asio::this_coro::executor);
  ApiRequest request;
  request.path = "/v1/models";
  const auto opened = co_await exchange->open(std::move(server), std::move(request));
  if (!opened) co_return std::unexpected(opened.error());
  const auto body = co_await read_all(*exchange);
  if (!body) co_return std::unexpected(body.error());
  if (exchange->status() != 200) co_return std::unexpected(read_error(exchange->status(), *body));
  co_return read_names(*body);
}

}  // namespace

RemoteBackend::RemoteBackend(net::Url server) : server_(std::move(server)) {}

Result<std::vector<std::string>> RemoteBackend::models() const {
  asio::io_context loop(1);
  Result<std::vector<std::string>> names;
  asio::co_spawn(loop, fetch_names(server_),
                 [&](std::exception_ptr problem, Result<std::vector<std::string>> fetched) {
                   if (problem) std::rethrow_exception(problem);
                   names = std::move(fetched);
                 });
  loop.run();
  return names;
}

Result<chat::BackendInfo> RemoteBackend::info(const std::string& model) const {
  chat::BackendInfo info;
  info.model = model;
  info.branches = false;
  return info;
}

Result<int64_t> RemoteBackend::count(const chat::Request&) const {
  return fail(ErrorCode::Unsupported, "a server does not count prompts for its callers");
}

std::unique_ptr<chat::Stream> RemoteBackend::start(chat::Request request) {
  return std::make_unique<RemoteStream>(server_, std::move(request));
}

}  // namespace melete::cli
