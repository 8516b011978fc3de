#include "modes/stream_set.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <deque>
#include <exception>
#include <utility>

#include "chat/event_queue.h"

namespace melete::modes {

namespace asio = boost::asio;

struct StreamSet::Member {
  int number = 0;
  std::unique_ptr<chat::Stream> stream;
  asio::cancellation_signal cancel;
  bool reading = false;  // a coroutine is inside stream->next()
  bool closed = false;
};

// What has come and was not taken. Outlives the set while a read still ends.
struct StreamSet::Mail {
  std::deque<Next> letters;
  std::exception_ptr failure;
  chat::EventQueue bell;  // rung with an empty event when a letter comes
  bool awaited = false;

  void ring() {
    if (std::exchange(awaited, false)) bell.push({});
  }
};

StreamSet::StreamSet(chat::Timer& timer) : timer_(timer), mail_(std::make_shared<Mail>()) {}

StreamSet::~StreamSet() {
  close();
}

int StreamSet::open(std::unique_ptr<chat::Stream> stream) {
  auto member = std::make_shared<Member>();
  member->number = opened_++;
  member->stream = std::move(stream);
  const std::lock_guard lock(mutex_);
  members_.push_back(std::move(member));
  return opened_ - 1;
}

// A read that waits holds the stream until it has been cancelled, so the stream is told to stop as
// well: its memory is free at once.
void StreamSet::end(Member& member) {
  member.closed = true;
  if (!member.reading) return;
  (void)member.stream->control(chat::Stop{});  // it may just have ended
  member.cancel.emit(asio::cancellation_type::terminal);
}

void StreamSet::close(int stream) {
  std::shared_ptr<Member> ended;
  {
    const std::lock_guard lock(mutex_);
    const auto member = std::ranges::find_if(
        members_, [stream](const auto& each) { return each->number == stream; });
    if (member == members_.end()) return;
    ended = *member;
    members_.erase(member);
  }
  std::erase_if(mail_->letters, [stream](const Next& letter) { return letter.stream == stream; });
  end(*ended);
}

void StreamSet::close() {
  std::vector<std::shared_ptr<Member>> ended;
  {
    const std::lock_guard lock(mutex_);
    ended.swap(members_);
  }
  mail_->letters.clear();
  for (const auto& member : ended) end(*member);
}

chat::awaitable<void> StreamSet::read(std::shared_ptr<Mail> mail, std::shared_ptr<Member> member) {
  // Also when this coroutine is destroyed with its event loop.
  const std::unique_ptr<bool, void (*)(bool*)> ends(&member->reading,
                                                    [](bool* reading) { *reading = false; });
  std::optional<chat::Event> event = co_await member->stream->next();
  if (member->closed) co_return;
  mail->letters.push_back({.stream = member->number, .event = std::move(event)});
  mail->ring();
}

// False when there is nothing to wait for.
bool StreamSet::start_reads(const asio::any_io_executor& executor) {
  for (const auto& member : members_) {
    if (member->reading) continue;
    member->reading = true;
    asio::co_spawn(executor, read(mail_, member),
                   asio::bind_cancellation_slot(member->cancel.slot(),
                                                [mail = mail_, member](std::exception_ptr failure) {
                                                  if (!failure || member->closed) return;
                                                  mail->failure = failure;
                                                  mail->ring();
                                                }));
  }
  return !members_.empty();
}

chat::awaitable<StreamSet::Next> StreamSet::next(Instant deadline) {
  using namespace asio::experimental::awaitable_operators;
  while (true) {
    if (mail_->failure) std::rethrow_exception(std::exchange(mail_->failure, nullptr));
    if (!mail_->letters.empty()) {
      Next letter = std::move(mail_->letters.front());
      mail_->letters.pop_front();
      if (!letter.event) close(letter.stream);
      co_return letter;
    }
    const auto executor = co_await asio::this_coro::executor;
    if (!start_reads(executor)) co_return Next{};
    if (!mail_->letters.empty() || mail_->failure) continue;  // a read may end at once
    mail_->awaited = true;
    if (deadline == kNoDeadline) {
      co_await mail_->bell.next();
      continue;
    }
    const auto first = co_await (mail_->bell.next() || timer_.sleep_until(deadline));
    if (first.index() == 1 && mail_->letters.empty() && !mail_->failure) {
      co_return Next{.late = true};
    }
  }
}

Result<void> StreamSet::control(int stream, chat::Control control) {
  const std::lock_guard lock(mutex_);
  for (const auto& member : members_) {
    if (member->number == stream) return member->stream->control(std::move(control));
  }
  return fail(ErrorCode::Conflict, "this stream has ended: there is nothing to control");
}

// The first answer that is no success, unless one of them is.
Result<void> StreamSet::control(const chat::Control& control) {
  const std::lock_guard lock(mutex_);
  Result<void> result =
      fail(ErrorCode::Conflict, "no answer is running: there is nothing to control");
  for (const auto& member : members_) {
    Result<void> each = member->stream->control(control);
    if (!result) result = std::move(each);
  }
  return result;
}

}  // namespace melete::modes
