#include "server/answer.h"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <utility>

#include "server/client_watch.h"
#include "server/reply_writer.h"

namespace melete::server {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

namespace {

constexpr const char* kEventStream = "text/event-stream";
constexpr const char* kJson = "application/json";

}  // namespace

Answer::Answer(Service& service, ByteStream& stream, boost::beast::flat_buffer& buffer,
               const Exchange& exchange)
    : service_(service), socket_(stream), buffer_(buffer), exchange_(exchange) {
  service_.counters.answers_running.add(1);
}

Answer::~Answer() {
  service_.counters.answers_running.add(-1);
}

asio::awaitable<AnswerEnd> Answer::run(api::Call call, Transcript* transcript) {
  const int choices = chat::choice_count(call.request);
  writer_ = std::move(call.writer);
  transcript_ = transcript;
  if (transcript) transcript->content_type = call.stream ? kEventStream : kJson;
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
  auto first =
      co_await (until_client_leaves(socket_, buffer_) || write_events(sse) || sse.keep_alive());
  const Written* written = std::get_if<Written>(&first);
  if (!written || !written->client_here) co_return client_left();
  stream_.reset();
  if (written->refused) co_return co_await refuse(*written->refused);
  co_return AnswerEnd{.complete = written->complete};
}

asio::awaitable<Answer::Written> Answer::write_events(SseWriter& sse) {
  Written written;
  while (const auto event = co_await stream_->next()) {
    const auto* failed = std::get_if<chat::Failed>(&event->payload);
    if (failed) written.complete = false;
    if (failed && !sse.begun()) {
      written.refused = failed->error;
      co_return written;
    }
    written.client_here = co_await write_frames(sse, writer_->write_event(*event));
    if (!written.client_here) co_return written;
  }
  written.client_here = co_await write_frames(sse, writer_->write_end()) && co_await sse.finish();
  co_return written;
}

asio::awaitable<bool> Answer::write_frames(SseWriter& sse, std::string frames) {
  if (frames.empty()) co_return true;
  if (transcript_) transcript_->add(frames);
  co_return co_await sse.write(std::move(frames));
}

asio::awaitable<AnswerEnd> Answer::run_whole() {
  auto first = co_await (until_client_leaves(socket_, buffer_) || collect());
  const auto* completion = std::get_if<chat::Completion>(&first);
  if (!completion) co_return client_left();
  stream_.reset();
  if (completion->error) co_return co_await refuse(*completion->error);
  Reply reply{.content_type = kJson, .body = writer_->write_whole(*completion)};
  if (transcript_) transcript_->add(reply.body);
  const bool taken = co_await send_reply(socket_, service_, exchange_, std::move(reply));
  co_return AnswerEnd{.client_here = taken, .complete = true};
}

asio::awaitable<chat::Completion> Answer::collect() {
  chat::Completion completion;
  while (const auto event = co_await stream_->next()) chat::add_event(completion, *event);
  if (completion.choices.empty()) completion.choices.resize(1);
  co_return completion;
}

asio::awaitable<AnswerEnd> Answer::refuse(Error error) {
  Reply reply = error_reply(error, writer_->write_error(error));
  const int status = reply.status;
  const bool taken = co_await send_reply(socket_, service_, exchange_, std::move(reply));
  co_return AnswerEnd{.status = status, .client_here = taken};
}

void Transcript::add(std::string_view bytes) {
  too_large = too_large || body.size() + bytes.size() > most_bytes;
  if (too_large) {
    body.clear();
  } else {
    body += bytes;
  }
}

}  // namespace melete::server
