#include "modes/thinking.h"

#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/text.h"
#include "chat/failed_stream.h"
#include "modes/effort.h"
#include "modes/inner_stream.h"
#include "modes/instant.h"
#include "modes/running_cost.h"
#include "modes/step_folding.h"
#include "modes/think_tags.h"
#include "modes/thinking_prompt.h"

namespace melete::modes {

namespace {

using chat::Event;
using chat::FinishReason;

// A backend that keeps the deadline itself says so within this time after it.
constexpr std::chrono::milliseconds kDeadlineGrace{500};

// Round one is the answer proper. Round two asks again for the choices that have reasoning but no
// answer.
class ThinkingStream final : public chat::Stream {
 public:
  ThinkingStream(chat::Backend& inner, const chat::Request& request, chat::BackendInfo info,
                 chat::Timer& timer);

  chat::awaitable<std::optional<Event>> next() override;
  Result<void> control(chat::Control control) override;

 private:
  struct Choice {
    std::string reasoning;
    int64_t reasoning_tokens = 0;
    bool answered = false;  // wrote text or a tool call
    bool overspent = false;
    bool wants_second_ask = false;
    bool finished = false;
    ThinkTags tags;
  };
  // What controls have asked for; they come from any thread.
  struct Wish {
    bool stop = false;
    int budget = 0;
  };

  void on_event(Event event);
  void on_failed(Error error);
  void leave_room(int64_t prompt_tokens);
  void on_reasoning(Event event);
  void on_text(Event event);
  void on_finished(int choice, chat::Finished finished);
  void on_round_end();
  void ask_again(const std::vector<CutChoice>& cut);
  void flush_tags(int choice);
  void finish(int choice, chat::Finished finished);
  void finish_all(FinishReason reason);
  void fail_with(Error error);
  Wish wish(int choice);
  Choice& at(int choice) { return choices_[static_cast<size_t>(choice)]; }

  chat::Backend& backend_;
  const chat::BackendInfo info_;
  const chat::Request request_;  // of round one
  const bool splits_tags_;       // the model writes the tags as text
  Instant deadline_ = InnerStream::kNoDeadline;
  chat::Timer& timer_;
  InnerStream inner_;
  std::vector<Choice> choices_;
  std::vector<int> round_;  // round_[i] is the outer number of the inner choice i
  bool second_round_ = false;
  RunningCost cost_;
  std::deque<Event> waiting_;
  bool over_ = false;
  std::mutex mutex_;
  std::vector<Wish> wishes_;    // guarded by mutex_; by choice
  std::vector<bool> finished_;  // guarded by mutex_; by choice
  std::vector<int> inner_of_;   // guarded by mutex_; inner number by choice, -1: not in this round
};

ThinkingStream::ThinkingStream(chat::Backend& inner, const chat::Request& request,
                               chat::BackendInfo info, chat::Timer& timer)
    : backend_(inner),
      info_(std::move(info)),
      request_(thinking_request(request, info_, reasoning_budget(request, info_))),
      splits_tags_(!info_.native_reasoning && !info_.can_prefill),
      timer_(timer),
      inner_(timer) {
  const auto count = static_cast<size_t>(chat::choice_count(request_));
  choices_.resize(count);
  wishes_.resize(count, Wish{.budget = *request_.limits.reasoning_tokens});
  finished_.resize(count, false);
  for (size_t i = 0; i < count; ++i) round_.push_back(static_cast<int>(i));
  inner_of_ = round_;
  if (request_.limits.deadline)
    deadline_ = timer.now() + *request_.limits.deadline + kDeadlineGrace;
  inner_.open(backend_.start(request_));
}

chat::awaitable<std::optional<Event>> ThinkingStream::next() {
  while (waiting_.empty() && !over_) {
    InnerStream::Next next = co_await inner_.next(deadline_);
    if (next.late) {
      finish_all(FinishReason::Deadline);
    } else if (next.event) {
      on_event(std::move(*next.event));
    } else {
      on_round_end();
    }
  }
  if (waiting_.empty()) co_return std::nullopt;
  Event event = std::move(waiting_.front());
  waiting_.pop_front();
  co_return event;
}

void ThinkingStream::on_event(Event event) {
  if (auto* failed = std::get_if<chat::Failed>(&event.payload)) return on_failed(failed->error);
  cost_.add(event);
  if (std::holds_alternative<chat::Usage>(event.payload)) return;
  event.choice = round_[static_cast<size_t>(event.choice)];
  if (at(event.choice).finished) return;
  if (const auto* finished = std::get_if<chat::Finished>(&event.payload)) {
    return on_finished(event.choice, *finished);
  }
  if (const auto* started = std::get_if<chat::Started>(&event.payload)) {
    if (second_round_) return;
    leave_room(started->prompt_tokens);
    waiting_.push_back(std::move(event));
    return;
  }
  if (std::holds_alternative<chat::ReasoningDelta>(event.payload)) {
    return on_reasoning(std::move(event));
  }
  if (auto* text = std::get_if<chat::TextDelta>(&event.payload)) {
    if (!splits_tags_) return on_text(std::move(event));
    SplitText split = at(event.choice).tags.add(text->text);
    Event reasoning{.choice = event.choice, .payload = chat::ReasoningDelta{split.reasoning}};
    if (!split.reasoning.empty() || split.text.empty()) std::swap(reasoning.tokens, event.tokens);
    on_reasoning(std::move(reasoning));
    if (split.text.empty()) return;
    text->text = std::move(split.text);
    return on_text(std::move(event));
  }
  if (std::holds_alternative<chat::ToolCall>(event.payload)) at(event.choice).answered = true;
  waiting_.push_back(std::move(event));
}

void ThinkingStream::on_failed(Error error) {
  // The reasoning has filled the context, so there is no room to ask again: what there is stays.
  if (second_round_ && error.code == ErrorCode::ContextExceeded) {
    return finish_all(FinishReason::Length);
  }
  fail_with(std::move(error));
}

// A long prompt leaves less of the context than the budget was chosen for.
void ThinkingStream::leave_room(int64_t prompt_tokens) {
  if (info_.context_tokens <= 0) return;
  const auto most =
      static_cast<int>(std::max<int64_t>(0, (info_.context_tokens - prompt_tokens) * 3 / 4));
  std::vector<int> longer;  // choices that may think for longer than there is room
  {
    const std::lock_guard lock(mutex_);
    for (size_t i = 0; i < wishes_.size(); ++i) {
      if (wishes_[i].budget <= most) continue;
      wishes_[i].budget = most;
      longer.push_back(inner_of_[i]);
    }
  }
  for (const int choice : longer) {
    (void)inner_.control(chat::SetBudget{.choice = choice, .reasoning_tokens = most});
  }
}

// Reasoning past the budget is not told: the choice is stopped and asked for its answer in round
// two.
void ThinkingStream::on_reasoning(Event event) {
  const int number = event.choice;
  Choice& choice = at(number);
  const auto& text = std::get<chat::ReasoningDelta>(event.payload).text;
  if (choice.overspent || text.empty()) return;

  const int64_t tokens =
      event.tokens > 0 ? event.tokens : static_cast<int64_t>(text.size() + 3) / 4;
  const bool enforce = !info_.enforces_reasoning_budget && !second_round_ && !choice.answered;
  if (enforce && choice.reasoning_tokens + tokens > wish(number).budget) {
    choice.overspent = true;
    choice.wants_second_ask = true;
    const auto stopped = inner_.control(chat::Stop{number});
    if (!stopped && choices_.size() == 1) inner_.close();  // else the rest is not listened to
    return;
  }
  choice.reasoning += text;
  choice.reasoning_tokens += tokens;
  waiting_.push_back(std::move(event));
}

void ThinkingStream::on_text(Event event) {
  Choice& choice = at(event.choice);
  if (choice.overspent && !second_round_) return;
  choice.answered = choice.answered || !is_blank(std::get<chat::TextDelta>(event.payload).text);
  waiting_.push_back(std::move(event));
}

void ThinkingStream::on_finished(int number, chat::Finished finished) {
  Choice& choice = at(number);
  flush_tags(number);
  const FinishReason reason = finished.reason;
  const bool by_itself = reason == FinishReason::Stop || reason == FinishReason::Length;
  if (!second_round_ && !choice.answered && by_itself) choice.wants_second_ask = true;
  if (!second_round_ && choice.wants_second_ask && !wish(number).stop) return;
  if (!choice.answered && reason == FinishReason::Stop) finished = {FinishReason::Length};
  finish(number, std::move(finished));
}

void ThinkingStream::flush_tags(int number) {
  const SplitText rest = at(number).tags.flush();
  if (!rest.reasoning.empty()) {
    at(number).reasoning += rest.reasoning;
    waiting_.push_back({.choice = number, .payload = chat::ReasoningDelta{rest.reasoning}});
  }
  if (!rest.text.empty()) {
    on_text({.choice = number, .payload = chat::TextDelta{rest.text, {}}});
  }
}

void ThinkingStream::on_round_end() {
  std::vector<CutChoice> cut;
  for (size_t i = 0; i < choices_.size(); ++i) {
    const auto number = static_cast<int>(i);
    if (choices_[i].finished) continue;
    if (second_round_ || !choices_[i].wants_second_ask) {
      return fail_with({ErrorCode::Unavailable, "the model's stream broke off; ask again", ""});
    }
    if (wish(number).stop) {
      finish(number, {FinishReason::Stopped});
    } else {
      cut.push_back({number, choices_[i].reasoning});
    }
  }
  if (cut.empty()) {
    over_ = true;
  } else {
    ask_again(cut);
  }
}

void ThinkingStream::ask_again(const std::vector<CutChoice>& cut) {
  second_round_ = true;
  cost_.next_call();
  round_.clear();
  for (const CutChoice& choice : cut) {
    round_.push_back(choice.choice);
    at(choice.choice).tags = {};
  }
  chat::Request ask = answer_request(request_, info_, cut);
  if (ask.limits.deadline) {
    const auto left = deadline_ - kDeadlineGrace - timer_.now();
    ask.limits.deadline = std::max(std::chrono::milliseconds(1),
                                   std::chrono::duration_cast<std::chrono::milliseconds>(left));
  }
  inner_.open(backend_.start(std::move(ask)));
  const std::lock_guard lock(mutex_);
  inner_of_.assign(choices_.size(), -1);
  for (size_t i = 0; i < round_.size(); ++i) {
    inner_of_[static_cast<size_t>(round_[i])] = static_cast<int>(i);
  }
}

// The usage of all rounds comes just before the last Finished.
void ThinkingStream::finish(int number, chat::Finished finished) {
  at(number).finished = true;
  bool last = true;
  for (const Choice& choice : choices_) last = last && choice.finished;
  if (last) waiting_.push_back({.payload = cost_.total()});
  waiting_.push_back({.choice = number, .payload = std::move(finished)});
  const std::lock_guard lock(mutex_);
  finished_[static_cast<size_t>(number)] = true;
}

void ThinkingStream::finish_all(FinishReason reason) {
  inner_.close();
  for (size_t i = 0; i < choices_.size(); ++i) {
    if (!choices_[i].finished) finish(static_cast<int>(i), {reason});
  }
  over_ = true;
}

void ThinkingStream::fail_with(Error error) {
  inner_.close();
  waiting_.push_back({.payload = chat::Failed{std::move(error)}});
  over_ = true;
}

ThinkingStream::Wish ThinkingStream::wish(int choice) {
  const std::lock_guard lock(mutex_);
  return wishes_[static_cast<size_t>(choice)];
}

Result<void> ThinkingStream::control(chat::Control control) {
  if (std::holds_alternative<chat::Approve>(control)) return inner_.control(std::move(control));
  std::optional<int> wanted;
  std::visit(
      [&wanted](auto& command) {
        if constexpr (requires { command.choice; }) wanted = command.choice;
      },
      control);
  {
    const std::lock_guard lock(mutex_);
    const auto count = static_cast<int>(finished_.size());
    if (wanted && (*wanted < 0 || *wanted >= count || finished_[static_cast<size_t>(*wanted)])) {
      return fail(ErrorCode::Conflict, "this choice has ended");
    }
    for (int i = wanted.value_or(0); i < (wanted ? *wanted + 1 : count); ++i) {
      Wish& wish = wishes_[static_cast<size_t>(i)];
      if (std::holds_alternative<chat::Stop>(control)) wish.stop = true;
      if (std::holds_alternative<chat::AnswerNow>(control)) wish.budget = 0;
      if (const auto* set = std::get_if<chat::SetBudget>(&control)) {
        wish.budget = set->reasoning_tokens;
      }
    }
    if (wanted) {
      const int inner_number = inner_of_[static_cast<size_t>(*wanted)];
      if (inner_number < 0) return {};
      std::visit(
          [inner_number](auto& command) {
            if constexpr (requires { command.choice; }) command.choice = inner_number;
          },
          control);
    }
  }
  const bool kept_here =
      !info_.enforces_reasoning_budget && !std::holds_alternative<chat::Stop>(control);
  const auto result = inner_.control(std::move(control));
  if (result || kept_here || result.error().code == ErrorCode::Conflict) return {};
  return result;
}

}  // namespace

Result<chat::BackendInfo> ThinkingBackend::info(const std::string& model) const {
  return inner_.info(model);
}

Result<int64_t> ThinkingBackend::count(const chat::Request& request) const {
  return inner_.count(request);
}

void ThinkingBackend::read_ahead(const chat::Request& request) {
  const auto info = inner_.info(request.model);
  if (!info) return;
  const int budget = reasoning_budget(request, *info);
  if (budget == 0) return InstantBackend(inner_).read_ahead(request);
  chat::Request prepared = thinking_request(request, *info, budget);
  prepared.prefill.clear();  // that answer is not begun yet
  inner_.read_ahead(prepared);
}

std::unique_ptr<chat::Stream> ThinkingBackend::start(chat::Request request) {
  const auto info = inner_.info(request.model);
  if (!info) return chat::failed_stream(info.error());
  request.mode = chat::Mode::Thinking;
  const int budget = reasoning_budget(request, *info);
  if (budget == 0) return InstantBackend(inner_).start(std::move(request));
  if (request.fold_tokens > 0) {
    return fold_steps(*this, std::move(request), *info, budget, *options_.timer);
  }
  return std::make_unique<ThinkingStream>(inner_, std::move(request), *info, *options_.timer);
}

}  // namespace melete::modes
