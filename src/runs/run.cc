#include "runs/run.h"

#include <boost/asio/this_coro.hpp>
#include <utility>

namespace melete::runs {

namespace asio = boost::asio;

Run::Run(RunOptions options, std::unique_ptr<AnswerWriter> writer,
         std::shared_ptr<Recorder> recorder)
    : options_(std::move(options)),
      writer_(std::move(writer)),
      recorder_(std::move(recorder)),
      log_(options_.pace == Pace::Own ? options_.log_bytes : 0) {}

Snapshot Run::announce() {
  const std::lock_guard lock(mutex_);
  tell(writer_->record()->write_queued());
  return writer_->record()->snapshot();
}

bool Run::begin(const Starter& start, int choices) {
  const std::lock_guard lock(mutex_);
  if (cancelled_) return false;
  held_over_ = false;
  stream_ = std::make_shared<CheckedStream>(start(), choices);
  if (!recorder_) return true;
  writer_->record()->mark_begun();
  recorded_at_ = options_.clock->now();
  recorder_->write(writer_->record()->snapshot());
  return true;
}

asio::awaitable<void> Run::pump() {
  bool more = true;
  while (more) more = co_await advance();
}

// Takes the next event of the stream; false once the answer has ended.
asio::awaitable<bool> Run::advance() {
  std::shared_ptr<CheckedStream> stream;
  {
    const std::lock_guard lock(mutex_);
    stream = stream_;
  }
  if (!stream) co_return false;
  const std::optional<chat::Event> event = co_await stream->next();
  if (!event) {
    stream.reset();
    co_await finish();
    co_return false;
  }
  const std::lock_guard lock(mutex_);
  take(*event);
  co_return true;
}

void Run::take(const chat::Event& event) {
  const auto* failed = std::get_if<chat::Failed>(&event.payload);
  if (failed) {
    refused_ = log_.last() < 0;
    whole_ = {failed->error, writer_->write_error(failed->error)};
  }
  if (!writes_frames()) {
    chat::add_event(completion_, event);
    return;
  }
  std::string frames = writer_->write_event(event);
  if (failed) {
    failure_frames_ = std::move(frames);
    return;
  }
  tell(frames);
  record_growth();
}

void Run::tell(const std::string& frames) {
  if (frames.empty()) return;
  log_.append(frames);
  changed_.notify();
}

void Run::record_growth() {
  if (!recorder_) return;
  const Instant now = options_.clock->now();
  if (now - recorded_at_ < options_.record_interval) return;
  recorded_at_ = now;
  recorder_->write(writer_->record()->snapshot());
}

// What is stored comes before what is told of the end, a failure's frames among it: no reader has
// seen an answer whole that a crash then makes incomplete, or refused that is still recorded.
asio::awaitable<void> Run::finish() {
  std::optional<Error> not_stored;
  if (recorder_) {
    Snapshot end;
    Recorder::Last last;
    {
      const std::lock_guard lock(mutex_);
      ending_ = true;
      end = writer_->record()->snapshot();
      last = refused_ ? Recorder::Last::Refused : Recorder::Last::Yes;
    }
    not_stored = co_await recorder_->settle(std::move(end), last);
  }
  const std::lock_guard lock(mutex_);
  if (not_stored) writer_->record()->mark_not_stored(*not_stored);
  if (writes_frames()) tell(failure_frames_ + writer_->write_end());
  if (!whole_.error) write_whole();
  stream_.reset();
  ended_at_ = options_.clock->now();
  changed_.notify();
  ended_.notify();
}

// A writer with records makes a whole answer of its frames.
bool Run::writes_frames() const {
  return options_.form == Form::Frames || writer_->record();
}

void Run::write_whole() {
  if (options_.form == Form::Frames && !recorder_) return;
  if (completion_.choices.empty()) completion_.choices.resize(1);
  auto body = writer_->write_whole(completion_);
  if (body) {
    whole_.body = std::move(*body);
  } else {
    whole_ = {body.error(), writer_->write_error(body.error())};
  }
}

asio::awaitable<Result<Frames>> Run::next(int64_t after) {
  const auto executor = co_await asio::this_coro::executor;
  const bool own = options_.pace == Pace::Own;
  while (true) {
    std::optional<Signal::Ticket> ticket;
    if (own) ticket = changed_.ticket(executor);
    {
      const std::lock_guard lock(mutex_);
      auto frames = log_.after(after);
      if (!frames || !frames->text.empty() || ended_at_) co_return frames;
      if (held_over_) {
        co_return fail(ErrorCode::Overloaded,
                       "The server is shutting down, and the next one begins this answer: read it "
                       "again then.");
      }
    }
    if (own) {
      co_await ticket->wait();
    } else {
      co_await advance();
    }
  }
}

asio::awaitable<WholeAnswer> Run::whole() {
  const auto executor = co_await asio::this_coro::executor;
  if (options_.pace == Pace::Reader) co_await pump();
  while (true) {
    Signal::Ticket ticket = ended_.ticket(executor);
    {
      const std::lock_guard lock(mutex_);
      if (ended_at_) co_return whole_;
    }
    co_await ticket.wait();
  }
}

std::optional<WholeAnswer> Run::refused() const {
  const std::lock_guard lock(mutex_);
  if (!refused_) return std::nullopt;
  return whole_;
}

std::optional<Snapshot> Run::snapshot() const {
  const std::lock_guard lock(mutex_);
  if (!writer_->record() || !recorder_) return std::nullopt;
  return writer_->record()->snapshot();
}

Error Run::over() const {
  return {ErrorCode::Conflict,
          stream_ || ending_ || ended_at_
              ? "The answer has ended already: nothing about it can be changed."
              : "The answer has not begun yet: wait for it, or cancel it."};
}

// Its record tells the end before the stream has no more.
bool Run::end_is_known() const {
  if (ending_ || ended_at_) return true;
  if (!writer_->record()) return false;
  const std::string status = writer_->record()->snapshot().status;
  return status != "queued" && status != "in_progress";
}

Result<void> Run::control(chat::Control control) {
  const std::lock_guard lock(mutex_);
  if (!stream_ || end_is_known()) return std::unexpected(over());
  return stream_->control(std::move(control));
}

Result<Cancelled> Run::cancel() {
  const std::lock_guard lock(mutex_);
  if (ending_ || ended_at_) return std::unexpected(over());
  if (cancelled_) return Cancelled::Ending;
  if (!recorder_) {
    return fail(ErrorCode::Unsupported,
                "Only a stored answer can be cancelled: end this one by leaving it.");
  }
  if (stream_) {
    const auto stopped = stream_->control(chat::Stop{});
    if (!stopped) return std::unexpected(stopped.error());
  }
  cancelled_ = true;
  writer_->record()->mark_cancelled();
  return stream_ ? Cancelled::Ending : Cancelled::Unbegun;
}

void Run::hold_over() {
  const std::lock_guard lock(mutex_);
  held_over_ = !stream_ && !ending_ && !ended_at_;
  if (held_over_) changed_.notify();
}

void Run::drop() {
  std::shared_ptr<CheckedStream> last;  // ends outside of the lock
  const std::lock_guard lock(mutex_);
  last = std::move(stream_);
}

bool Run::running() const {
  const std::lock_guard lock(mutex_);
  return stream_ != nullptr;
}

bool Run::failed() const {
  const std::lock_guard lock(mutex_);
  return whole_.error.has_value();
}

std::optional<Instant> Run::ended_at() const {
  const std::lock_guard lock(mutex_);
  return ended_at_;
}

}  // namespace melete::runs
