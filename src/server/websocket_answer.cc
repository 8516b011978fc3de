#include "server/websocket_answer.h"

#include <boost/asio/this_coro.hpp>
#include <utility>

#include "api/error_body.h"
#include "server/event_texts.h"

namespace melete::server {

namespace asio = boost::asio;

std::string error_message(const Error& error, std::string_view code) {
  Json event{{"type", "error"}, {"status", http_status(error.code)}};
  event["error"] = api::openai_error(error);
  if (!code.empty()) event["error"]["code"] = code;
  return write_json(event);
}

WebSocketAnswer::WebSocketAnswer(Service& service, WebSocket& socket)
    : service_(service), socket_(socket) {
  service_.counters.answers_running.add(1);
}

WebSocketAnswer::~WebSocketAnswer() {
  service_.counters.answers_running.add(-1);
  if (run_) service_.runner.leave(*run_);
}

asio::awaitable<SocketAnswerEnd> WebSocketAnswer::run(runs::Order order) {
  const auto executor = co_await asio::this_coro::executor;
  run_ = service_.runner.start(std::move(order), executor);
  SocketAnswerEnd end;
  int64_t after = -1;
  while (true) {
    const auto frames = co_await run_->next(after);
    if (!frames) co_return co_await refuse(frames.error());
    if (frames->text.empty()) co_return end;
    const auto refused = after < 0 ? run_->refused() : std::nullopt;
    if (refused) co_return co_await refuse(*refused->error);
    after = frames->last;
    for (const std::string_view text : event_texts(frames->text)) {
      end.client_here = co_await socket_.write(text);
      if (!end.client_here) co_return end;
      end.last = text;
    }
  }
}

asio::awaitable<SocketAnswerEnd> WebSocketAnswer::refuse(Error error) {
  SocketAnswerEnd end;
  const std::string message = error_message(error);
  end.client_here = co_await socket_.write(message);
  end.error = std::move(error);
  co_return end;
}

}  // namespace melete::server
