#include "modes/compaction.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/text.h"
#include "modes/inner_stream.h"
#include "modes/running_cost.h"

namespace melete::modes {

namespace {

using chat::Message;
using chat::Role;

constexpr std::string_view kHead = "What was said before, in short:\n";
constexpr std::string_view kAsk =
    "Summarise this conversation for someone who will go on with it and sees nothing else of it: "
    "what is wanted, what was found and decided, the names, numbers and code that matter, and what "
    "is still open. Write the summary alone.";

// A backend that keeps the deadline itself says so within this time after it.
constexpr std::chrono::milliseconds kDeadlineGrace{500};

bool stays(const Message& message) {
  if (message.role == Role::System) return true;
  return message.role == Role::Developer && !chat::text_of(message).starts_with(kHead);
}

size_t last_user_message(const std::vector<Message>& messages) {
  for (size_t index = messages.size(); index > 0; --index) {
    if (messages[index - 1].role == Role::User) return index - 1;
  }
  return messages.size();
}

// First the summary, then the answer, in the time of one.
class CompactingStream final : public chat::Stream {
 public:
  CompactingStream(chat::Backend& backend, chat::Request request, chat::Timer& timer)
      : backend_(backend), request_(std::move(request)), timer_(timer), inner_(timer) {
    if (request_.limits.deadline) deadline_ = timer.now() + *request_.limits.deadline;
    inner_.open(backend_.start(summary_request(request_)));
  }

  chat::awaitable<std::optional<chat::Event>> next() override {
    if (last_) co_return std::exchange(last_, std::nullopt);
    while (summarising_) {
      InnerStream::Next next = co_await inner_.next(last_moment());
      if (next.late) co_return end_late();
      if (!next.event) co_return std::nullopt;
      auto told = take(std::move(*next.event));
      if (told) co_return told;
    }
    InnerStream::Next next = co_await inner_.next(InnerStream::kNoDeadline);
    if (next.event) {
      if (auto* usage = std::get_if<chat::Usage>(&next.event->payload)) *usage += cost_.total();
    }
    co_return std::move(next.event);
  }

  // A stop ends the summary, or where that has just ended the answer; what else is said while the
  // summary is written is meant for the answer.
  Result<void> control(chat::Control control) override {
    const std::lock_guard lock(mutex_);
    if (!summarising_) return inner_.control(std::move(control));
    wishes_.push_back(control);
    if (std::holds_alternative<chat::Stop>(control)) (void)inner_.control(std::move(control));
    return {};
  }

 private:
  // What is told of an event of the summary; mostly nothing.
  std::optional<chat::Event> take(chat::Event event) {
    if (const auto* delta = std::get_if<chat::TextDelta>(&event.payload)) summary_ += delta->text;
    cost_.add(event);
    if (std::holds_alternative<chat::Failed>(event.payload)) return event;
    const auto* finished = std::get_if<chat::Finished>(&event.payload);
    if (!finished) return std::nullopt;
    const bool ended = finished->reason == chat::FinishReason::Stopped ||
                       finished->reason == chat::FinishReason::Deadline;
    return ended ? end(std::move(event)) : begin_answer();
  }

  // Of the wait for the summary.
  Instant last_moment() const {
    return request_.limits.deadline ? deadline_ + kDeadlineGrace : InnerStream::kNoDeadline;
  }

  chat::Event end_late() {
    inner_.close();
    return end({.payload = chat::Finished{chat::FinishReason::Deadline}});
  }

  // The usage comes before the last event.
  chat::Event end(chat::Event finished) {
    last_ = std::move(finished);
    return {.payload = cost_.total()};
  }

  // A summary that says nothing takes no message's place, now or in a later turn.
  std::optional<chat::Event> begin_answer() {
    if (request_.limits.deadline) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline_ - timer_.now());
      request_.limits.deadline = std::max(std::chrono::milliseconds(1), left);
    }
    auto& messages = request_.messages;
    const bool blank = is_blank(summary_);
    if (!blank) replace_by_summary(messages, last_user_message(messages), summary_);
    inner_.open(backend_.start(std::move(request_)));
    hand_on_wishes();
    if (blank) return std::nullopt;
    return chat::Event{.payload = chat::Annotation{"compaction", summary_}};
  }

  void hand_on_wishes() {
    const std::lock_guard lock(mutex_);
    summarising_ = false;
    for (chat::Control& wish : wishes_) (void)inner_.control(std::move(wish));
    wishes_.clear();
  }

  chat::Backend& backend_;
  chat::Request request_;
  chat::Timer& timer_;
  Instant deadline_{};  // of both together, where the request has one
  InnerStream inner_;
  std::mutex mutex_;
  bool summarising_ = true;            // guarded by mutex_; changed by next() alone
  std::vector<chat::Control> wishes_;  // guarded by mutex_; for the answer, which has not begun
  std::string summary_;
  RunningCost cost_;                 // of the summary
  std::optional<chat::Event> last_;  // told next, and nothing after it
};

}  // namespace

chat::Request summary_request(const chat::Request& request) {
  constexpr int kMostTokens = 1024;
  chat::Request summary;
  summary.model = request.model;
  summary.messages = request.messages;
  // Roles keep alternating, which some templates insist on.
  if (!summary.messages.empty() && summary.messages.back().role == Role::User) {
    summary.messages.back().parts.emplace_back(chat::TextPart{"\n\n" + std::string(kAsk)});
  } else {
    summary.messages.push_back(chat::text_message(Role::User, std::string(kAsk)));
  }
  summary.sampling.temperature = 0;
  summary.limits.answer_tokens = kMostTokens;
  summary.limits.deadline = request.limits.deadline;
  summary.adapter = request.adapter;
  summary.caller = request.caller;
  return summary;
}

void replace_by_summary(std::vector<Message>& messages, size_t count, std::string_view summary) {
  const auto end = messages.begin() + static_cast<std::ptrdiff_t>(count);
  const auto gone = std::stable_partition(messages.begin(), end, stays);
  const auto place = messages.erase(gone, end);
  messages.insert(place, chat::text_message(Role::Developer, std::string(kHead).append(summary)));
}

std::unique_ptr<chat::Stream> compact_first(chat::Backend& backend, chat::Request request,
                                            chat::Timer& timer) {
  request.compact = false;
  return std::make_unique<CompactingStream>(backend, std::move(request), timer);
}

}  // namespace melete::modes
