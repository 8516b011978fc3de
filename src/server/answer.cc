#include "server/answer.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <utility>

#include "server/client_watch.h"

namespace melete::server {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

Answer::Answer(Service& service, ByteStream& stream,
               boost::beast::flat_buffer& buffer, const Exchange& exchange)
    : service_(service), socket_(stream), buffer_(buffer), exchange_(exchange) {
  service_.counters.answers_running.add(1);
}

Answer::~Answer() {
  service_.counters.answers_running.add(-1);
}

asio::awaitable<AnswerEnd> Answer::run(api::Call call) {
  const int choices = chat::choice_count(call.request);
  writer_ = std::move(call.writer);
  stream_.emplace(service_.parts.backend.start(std::move(call.request)), choices);
  if (call.stream) co_return co_await run_stream();
  co_return co_await run_whole();
}

void Answer::stop() {
  if (stream_) stream_->stop();
}

AnswerEnd Answer::client_left() {
  stream_.reset();
  service_.counters.clients_gone.add();
  return {.client_here = false};
}

asio::awaitable<AnswerEnd> Answer::run_stream() {
  SseWriter sse(socket_, exchange_, service_.options.limits);
  // The watch begins first, so that the time for a write is not set for its read too.
  auto first = co_await (until_client_leaves(socket_, buffer_) || write_events(sse) ||
                         sse.keep_alive());
  const Written* written = std::get_if<Written>(&first);
  if (!written || !written->client_here) co_return client_left();
  stream_.reset();
  if (!written->refused) co_return AnswerEnd{};
  co_return co_await write_body(http_status(written->refused->code),
                                writer_->write_error(*written->refused));
}

asio::awaitable<Answer::Written> Answer::write_events(SseWriter& sse) {
  while (const auto event = co_await stream_->next()) {
    const auto* failed = std::get_if<chat::Failed>(&event->payload);
    if (failed && !sse.begun()) co_return Written{.refused = failed->error};
    std::string frames = writer_->write_event(*event);
    if (frames.empty()) continue;
    if (!co_await sse.write(std::move(frames))) co_return Written{.client_here = false};
  }
  const bool ended = co_await sse.write(writer_->write_end()) && co_await sse.finish();
  co_return Written{.client_here = ended};
}

asio::awaitable<AnswerEnd> Answer::run_whole() {
  auto first = co_await (until_client_leaves(socket_, buffer_) || collect());
  const auto* completion = std::get_if<chat::Completion>(&first);
  if (!completion) co_return client_left();
  stream_.reset();
  if (!completion->error) co_return co_await write_body(200, writer_->write_whole(*completion));
  co_return co_await write_body(http_status(completion->error->code),
                                writer_->write_error(*completion->error));
}

asio::awaitable<chat::Completion> Answer::collect() {
  chat::Completion completion;
  while (const auto event = co_await stream_->next()) chat::add_event(completion, *event);
  if (completion.choices.empty()) completion.choices.resize(1);
  co_return completion;
}

asio::awaitable<AnswerEnd> Answer::write_body(int status, std::string body) {
  Reply reply{.status = status, .body = std::move(body)};
  const std::string bytes = write_reply(exchange_, reply);
  socket_.expires_after(service_.options.limits.write_time);
  const bool taken = co_await socket_.write(bytes);
  co_return AnswerEnd{.status = status, .client_here = taken};
}

}  // namespace melete::server
