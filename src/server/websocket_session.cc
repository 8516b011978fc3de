#include "server/websocket_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <variant>
#include <vector>

#include "api/order.h"
#include "base/json.h"
#include "server/body_reader.h"
#include "server/call_headers.h"
#include "server/event_texts.h"

namespace melete::server {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

namespace {

using Kind = SocketMessage::Kind;
using std::chrono::milliseconds;

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr milliseconds kToAgree{1'000};   // for a client to answer a farewell
constexpr milliseconds kToFinish{5'000};  // the same for one that is sending still

}  // namespace

WebSocketSession::WebSocketSession(Service& service, Route& route, ByteStream& stream,
                                   boost::beast::flat_buffer& early, SocketCaller caller)
    : service_(service),
      route_(route),
      stream_(stream),
      caller_(std::move(caller)),
      socket_(stream, early),
      turns_(api::RecentTurnsLimits{.bytes = service.options.limits.body_bytes}),
      bell_(stream.executor()),
      ends_at_(Clock::now() + service.options.limits.socket_time) {
  caller_.context.memory.turns = &turns_;
}

void WebSocketSession::drain() {
  bell_.cancel();
}

asio::awaitable<void> WebSocketSession::run(const HttpRequest& request, const Headers& headers) {
  stream_.expires_after(service_.options.limits.write_time);
  const bool accepted = co_await socket_.accept(request, headers);
  stream_.expires_never();
  if (!accepted) co_return;
  co_await (read_all() || answer_all() || keep_alive() || watch());
  if (left_ == Kind::Broken) co_await linger(stream_);
}

asio::awaitable<void> WebSocketSession::read_all() {
  bool more = true;
  while (more) {
    SocketMessage message = co_await socket_.read(service_.options.limits.body_bytes);
    left_ = message.kind;
    if (left_ == Kind::Closed || left_ == Kind::Broken || left_ == Kind::Gone) {
      if (answering_) service_.counters.clients_gone.add();
      if (left_ == Kind::Gone) stream_.close();
      co_return;
    }
    Waiting waiting = waiting_of(std::move(message));
    more = !waiting.close;
    waiting_bytes_ += waiting.text.size();
    waiting_.push_back(std::move(waiting));
    bell_.cancel();
  }
  asio::steady_timer never(stream_.executor(), Clock::time_point::max());
  co_await never.async_wait(kTuple);
}

WebSocketSession::Waiting WebSocketSession::waiting_of(SocketMessage message) const {
  const ServerLimits& limits = service_.options.limits;
  if (message.kind == Kind::TooLarge) {
    return {.error = Error{ErrorCode::TooLarge,
                           fmt::format("The message is larger than {} bytes: send less.",
                                       limits.body_bytes)},
            .close = CloseCode::TooLarge};
  }
  const bool full = waiting_.size() >= limits.waiting_messages ||
                    (!waiting_.empty() && waiting_bytes_ + message.text.size() > limits.body_bytes);
  if (full) {
    return {.error = Error{ErrorCode::RateLimited,
                           fmt::format("More than {} messages or {} bytes wait: send the next one "
                                       "when the answer before it has ended.",
                                       limits.waiting_messages, limits.body_bytes)},
            .close = CloseCode::Refused};
  }
  if (message.kind == Kind::Binary) {
    return {.error = Error{ErrorCode::InvalidArgument,
                           "The message is binary: send its JSON as a text message."}};
  }
  return {.text = std::move(message.text)};
}

asio::awaitable<void> WebSocketSession::answer_all() {
  while (!service_.draining && Clock::now() < ends_at_) {
    if (waiting_.empty()) {
      bell_.expires_at(ends_at_);
      co_await bell_.async_wait(kTuple);
      continue;
    }
    const bool more = co_await take_next();
    if (!more) co_return;
  }
  co_await take_leave();
}

// Answers the message that has waited longest; false when the session is over.
asio::awaitable<bool> WebSocketSession::take_next() {
  Waiting next = std::move(waiting_.front());
  waiting_.pop_front();
  waiting_bytes_ -= next.text.size();
  answering_ = true;
  bool here;
  if (next.error) {
    here = co_await refuse(*next.error);
  } else {
    here = co_await answer(std::move(next.text));
  }
  if (!here) {
    stream_.close();
    co_return false;
  }
  answering_ = false;
  if (next.close) co_await socket_.close(*next.close, next.error->message, kToFinish);
  co_return !next.close;
}

asio::awaitable<bool> WebSocketSession::answer(std::string message) {
  const auto& target = std::get<SocketTarget>(route_.target);
  api::SocketCall asked = co_await read_body(service_, target, message, caller_.context);
  message = {};
  if (!asked.call) {
    turns_.forget(asked.follows);
    co_return co_await refuse(asked.call.error());
  }
  if (!asked.answered) co_return co_await make_ready(std::move(asked));

  keep_deadline(caller_.deadline, asked.call->request.limits);
  const std::string id = asked.call->id;
  std::string items = std::move(asked.call->items);
  runs::Order order = api::order_of(std::move(*asked.call), caller_.context.memory.owner);
  WebSocketAnswer answer(service_, socket_);
  const SocketAnswerEnd end = co_await answer.run(std::move(order));
  route_.counters.count(end.error ? http_status(end.error->code) : 200);
  if (end.error) {
    turns_.forget(asked.follows);
  } else if (end.client_here) {
    keep_turn(id, std::move(items), end.last);
  }
  co_return end.client_here;
}

// Tells of an answer with nothing in it, and has the model read its prompt meanwhile.
asio::awaitable<bool> WebSocketSession::make_ready(api::SocketCall asked) {
  service_.parts.backend.read_ahead(asked.call->request);
  api::AnswerWriter& writer = *asked.call->writer;
  std::string frames = writer.write_event({.payload = chat::Started{}});
  frames += writer.write_event({.payload = chat::Finished{chat::FinishReason::Stop}});
  frames += writer.write_end();
  const std::vector<std::string_view> events = event_texts(frames);
  route_.counters.count(200);
  for (const std::string_view event : events) {
    if (!co_await socket_.write(event)) co_return false;
  }
  keep_turn(asked.call->id, std::move(asked.call->items), events.back());
  co_return true;
}

asio::awaitable<bool> WebSocketSession::refuse(const Error& error) {
  route_.counters.count(http_status(error.code));
  const std::string message = error_message(error);
  co_return co_await socket_.write(message);
}

// What is stored is found in the database, as long as its owner wants it there.
void WebSocketSession::keep_turn(std::string_view id, std::string items,
                                 std::string_view last_event) {
  const auto event = parse_json(last_event);
  if (!event || !event->contains("response")) return;
  const Json& response = event->at("response");
  const std::string status = response.value("status", "");
  const bool whole = status == "completed" || status == "incomplete";
  if (!whole || response.value("store", false)) return;
  turns_.keep(id, std::move(items), write_json(response.at("output")));
}

asio::awaitable<void> WebSocketSession::take_leave() {
  std::string message;
  if (service_.draining) {
    const Error error{ErrorCode::Overloaded, "The server is shutting down: ask again later."};
    if (!waiting_.empty()) message = error_message(error);
  } else {
    const Error error{
        ErrorCode::InvalidArgument,
        fmt::format("A WebSocket may last {} minutes, and this one has: open another.",
                    service_.options.limits.socket_time / std::chrono::minutes(1))};
    message = error_message(error, "websocket_connection_limit_reached");
  }
  if (!message.empty()) co_await socket_.write(message);
  co_await socket_.close(CloseCode::GoingAway,
                         service_.draining ? "The server is shutting down." : "The time is up.",
                         kToAgree);
}

// A silent connection is kept open by those between client and server only if something passes.
asio::awaitable<void> WebSocketSession::keep_alive() {
  const milliseconds interval = service_.options.limits.comment_interval;
  asio::steady_timer timer(stream_.executor());
  while (true) {
    timer.expires_after(interval);
    const auto [error] = co_await timer.async_wait(kTuple);
    if (error) co_return;
    if (Clock::now() - socket_.moved_at() >= interval) co_await socket_.ping();
  }
}

// Ends the connection of a client that takes nothing and, though it was pinged, says nothing.
asio::awaitable<void> WebSocketSession::watch() {
  const ServerLimits& limits = service_.options.limits;
  asio::steady_timer timer(stream_.executor());
  while (Clock::now() - socket_.moved_at() < limits.write_time) {
    timer.expires_after(std::min(limits.comment_interval, limits.write_time));
    const auto [error] = co_await timer.async_wait(kTuple);
    if (error) co_return;
  }
  stream_.close();
}

}  // namespace melete::server
