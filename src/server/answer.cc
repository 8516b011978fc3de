#include "server/answer.h"

#include <fmt/format.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "api/error_body.h"
#include "server/client_watch.h"
#include "server/reply_writer.h"

namespace melete::server {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

namespace {

// Ends a stream that cannot be told to its end.
std::string error_frame(const Error& error, int64_t sequence) {
  Json event{{"type", "error"}, {"sequence_number", sequence}};
  event.update(api::openai_error(error));
  event["type"] = "error";
  return fmt::format("event: error\ndata: {}\n\n", write_json(event));
}

}  // namespace

Answer::Answer(Service& service, ByteStream& stream, boost::beast::flat_buffer& buffer,
               const Exchange& exchange)
    : service_(service), socket_(stream), buffer_(buffer), exchange_(exchange) {
  service_.counters.answers_running.add(1);
}

// An answer that is pulled by its reader ends with it.
Answer::~Answer() {
  service_.counters.answers_running.add(-1);
  if (run_) service_.runner.leave(*run_);
}

asio::awaitable<Result<std::shared_ptr<runs::Run>>> Answer::begin(runs::Order order) {
  const auto executor = co_await asio::this_coro::executor;
  const bool background = order.record && order.record->background;
  only_queues_ = background && order.form == runs::Form::Whole;
  if (background) {
    auto queued = co_await service_.runner.enqueue(std::move(order));
    if (!queued) co_return std::unexpected(queued.error());
    run_ = std::move(*queued);
  } else {
    run_ = service_.runner.start(std::move(order), executor);
  }
  co_return run_;
}

bool Answer::goes_on_alone() const {
  return run_->pace() == runs::Pace::Own && !only_queues_;
}

asio::awaitable<AnswerEnd> Answer::write(Transcript* transcript) {
  transcript_ = transcript;
  if (only_queues_) co_return co_await write_body(run_->snapshot()->response);
  if (run_->form() == runs::Form::Frames) co_return co_await stream(-1);
  co_return co_await whole();
}

asio::awaitable<AnswerEnd> Answer::follow(std::shared_ptr<runs::Run> run, int64_t after) {
  run_ = std::move(run);
  co_return co_await stream(after);
}

asio::awaitable<AnswerEnd> Answer::repeat(std::shared_ptr<runs::Run> run, Error gone) {
  run_ = std::move(run);
  gone_ = std::move(gone);
  co_return co_await write(nullptr);
}

AnswerEnd Answer::client_left() {
  service_.counters.clients_gone.add();
  return {.client_here = false};
}

asio::awaitable<AnswerEnd> Answer::stream(int64_t after) {
  SseWriter sse(socket_, exchange_, service_.options.limits);
  // The watch begins first, so that the time for a write is not set for its read too.
  auto first = co_await (until_client_leaves(socket_, buffer_) || write_frames(sse, after) ||
                         sse.keep_alive());
  Written* written = std::get_if<Written>(&first);
  if (!written || !written->client_here) co_return client_left();
  if (written->refused) co_return co_await refuse(std::move(*written->refused));
  co_return AnswerEnd{.complete = written->complete};
}

asio::awaitable<Answer::Written> Answer::write_frames(SseWriter& sse, int64_t after) {
  Written written;
  while (true) {
    auto frames = co_await run_->next(after);
    if (!frames && !sse.begun()) {
      const Error& error = gone_ ? *gone_ : frames.error();
      written.refused = {error, api::openai_error_body(error)};
      co_return written;
    }
    if (!frames) {
      written.client_here = co_await sse.write(error_frame(frames.error(), after + 1));
      written.complete = false;
      break;
    }
    if (frames->text.empty()) break;
    if (!sse.begun()) written.refused = run_->refused();
    if (written.refused) co_return written;
    after = frames->last;
    written.client_here = co_await write_text(sse, std::move(frames->text));
    if (!written.client_here) co_return written;
  }
  written.complete = written.complete && !run_->failed();
  written.client_here = written.client_here && co_await sse.finish();
  co_return written;
}

asio::awaitable<bool> Answer::write_text(SseWriter& sse, std::string frames) {
  if (transcript_) transcript_->add(frames);
  co_return co_await sse.write(std::move(frames));
}

asio::awaitable<AnswerEnd> Answer::whole() {
  auto first = co_await (until_client_leaves(socket_, buffer_) || run_->whole());
  auto* whole = std::get_if<runs::WholeAnswer>(&first);
  if (!whole) co_return client_left();
  if (whole->error) co_return co_await refuse(std::move(*whole));
  co_return co_await write_body(std::move(whole->body));
}

asio::awaitable<AnswerEnd> Answer::refuse(runs::WholeAnswer refused) {
  Reply reply = error_reply(*refused.error, std::move(refused.body));
  const int status = reply.status;
  const bool taken = co_await send_reply(socket_, service_, exchange_, std::move(reply));
  co_return AnswerEnd{.status = status, .client_here = taken};
}

asio::awaitable<AnswerEnd> Answer::write_body(std::string body) {
  Reply reply{.body = std::move(body)};
  if (transcript_) transcript_->add(reply.body);
  const bool taken = co_await send_reply(socket_, service_, exchange_, std::move(reply));
  co_return AnswerEnd{.client_here = taken, .complete = true};
}

}  // namespace melete::server
