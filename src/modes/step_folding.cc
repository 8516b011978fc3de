#include "modes/step_folding.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/text.h"
#include "chat/failed_stream.h"
#include "modes/inner_stream.h"
#include "modes/running_cost.h"
#include "modes/thinking_prompt.h"

namespace melete::modes {

namespace {

using chat::Event;

constexpr int kNoteTokens = 96;       // most of one note
constexpr int kLeastRest = 32;        // tokens of budget for which a fold is not worth it
constexpr double kLongestStep = 1.5;  // times fold_tokens, for reasoning without line breaks
constexpr size_t kLineBytes = 240;    // of a line that stands for a missing note
constexpr std::string_view kAskForNote = "\n\nIn one line, what I know so far: ";
constexpr std::string_view kNotes = "What I know so far:\n";

struct Line {
  std::string text;
  bool ended = false;  // a line break follows
};

// The first line that is not blank.
Line first_line(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  const size_t end = text.find('\n', first);
  return {std::string(trimmed(text.substr(0, end))), end != std::string_view::npos};
}

// The last line, from its end at most kLineBytes.
std::string last_line(std::string_view text) {
  text = trimmed(text);
  const size_t line_break = text.rfind('\n');
  if (line_break != std::string_view::npos) text.remove_prefix(line_break + 1);
  text = trimmed(text);
  if (text.size() <= kLineBytes) return std::string(text);
  text.remove_prefix(text.size() - kLineBytes);
  const size_t word = text.find(' ');
  return std::string(trimmed(text.substr(word == std::string_view::npos ? 0 : word)));
}

// Phases follow one another: Step, then Note, then the next Step, until the reasoning ends by
// itself and the answer comes. A phase is left when its call, which was stopped, has told its usage
// and its end.
class FoldingChain final : public chat::Stream {
 public:
  FoldingChain(chat::Backend& thinking, chat::Request request, int budget, chat::Timer& timer)
      : thinking_(thinking),
        step_limit_(std::exchange(request.fold_tokens, 0)),
        request_(std::move(request)),
        timer_(timer),
        start_(timer.now()),
        budget_(budget),
        inner_(timer) {
    start_step();
  }

  chat::awaitable<std::optional<Event>> next() override;
  Result<void> control(chat::Control control) override;

 private:
  enum class Phase { Step, Note, Answer };

  void start_step();
  void start_note();
  void open(std::string prefill, int reasoning_tokens);
  void on_event(Event event);
  void on_step(Event event);
  void on_note(Event event);
  void on_finished(const chat::Finished& finished);
  void leave_phase();
  void after_phase();
  bool step_is_over(std::string_view latest) const;
  std::string opening() const;
  int rest() const { return budget_ - static_cast<int>(spent_); }

  chat::Backend& thinking_;
  const int step_limit_;  // tokens
  const chat::Request request_;
  chat::Timer& timer_;
  const Instant start_;

  // Controls change these from any thread.
  std::atomic<int> budget_;  // tokens of reasoning, notes included
  std::atomic<bool> stop_asked_ = false;
  std::atomic<bool> over_ = false;

  InnerStream inner_;
  Phase phase_ = Phase::Step;
  bool leaving_ = false;  // the phase; its call is being stopped, or has ended
  bool hurried_ = false;  // the step's call was told to answer
  bool started_told_ = false;
  std::string notes_;  // a line each
  std::string step_;
  int64_t step_tokens_ = 0;
  std::string note_;
  int64_t spent_ = 0;  // of the budget
  RunningCost cost_;
  std::deque<Event> waiting_;
};

chat::awaitable<std::optional<Event>> FoldingChain::next() {
  while (waiting_.empty() && !over_) {
    InnerStream::Next next = co_await inner_.next(InnerStream::kNoDeadline);
    if (next.event) {
      on_event(std::move(*next.event));
    } else if (leaving_) {
      after_phase();
    } else {
      on_event({.payload = chat::Failed{
                    {ErrorCode::Unavailable, "the model's stream broke off; ask again", ""}}});
    }
  }
  if (waiting_.empty()) co_return std::nullopt;
  Event event = std::move(waiting_.front());
  waiting_.pop_front();
  co_return event;
}

std::string FoldingChain::opening() const {
  if (notes_.empty()) return std::string(kThinkOpening);
  return std::string(kThinkOpening) + std::string(kNotes) + notes_ + "\n";
}

void FoldingChain::start_step() {
  phase_ = Phase::Step;
  step_.clear();
  step_tokens_ = 0;
  // A model that reasons by itself opens its first block itself.
  open(notes_.empty() ? "" : opening(), std::max(1, rest()));
}

void FoldingChain::start_note() {
  phase_ = Phase::Note;
  note_.clear();
  waiting_.push_back({.payload = chat::ReasoningDelta{std::string(kAskForNote)}});
  open(opening() + std::string(trimmed(step_)) + std::string(kAskForNote), kNoteTokens);
}

void FoldingChain::open(std::string prefill, int reasoning_tokens) {
  chat::Request request = request_;
  request.prefill = std::move(prefill);
  request.limits.reasoning_tokens = reasoning_tokens;
  if (auto& deadline = request.limits.deadline) {
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(timer_.now() - start_);
    *deadline = std::max(std::chrono::milliseconds(1), *deadline - passed);
  }
  leaving_ = false;
  hurried_ = false;
  inner_.open(thinking_.start(std::move(request)));
  if (stop_asked_) (void)inner_.control(chat::Stop{});  // it came between two calls
}

void FoldingChain::on_event(Event event) {
  if (std::holds_alternative<chat::Failed>(event.payload)) {
    inner_.close();
    over_ = true;
    return waiting_.push_back(std::move(event));
  }
  cost_.add(event);
  if (std::holds_alternative<chat::Usage>(event.payload)) return;
  if (const auto* finished = std::get_if<chat::Finished>(&event.payload)) {
    return on_finished(*finished);
  }
  if (std::holds_alternative<chat::Started>(event.payload)) {
    if (!std::exchange(started_told_, true)) waiting_.push_back(std::move(event));
    return;
  }
  if (std::holds_alternative<chat::ReasoningDelta>(event.payload)) {
    spent_ += event.tokens;
    if (phase_ == Phase::Note) return on_note(std::move(event));
    return on_step(std::move(event));
  }
  if (phase_ == Phase::Note) return leave_phase();
  if (leaving_) return;  // the step is folded, so it is not answered from
  phase_ = Phase::Answer;
  waiting_.push_back(std::move(event));
}

void FoldingChain::on_step(Event event) {
  const std::string text = std::get<chat::ReasoningDelta>(event.payload).text;
  step_ += text;
  step_tokens_ += event.tokens;
  waiting_.push_back(std::move(event));
  // The call's own limit is what was left of the budget when it began; a smaller one came since.
  if (rest() <= 0 && !std::exchange(hurried_, true)) (void)inner_.control(chat::AnswerNow{});
  if (step_is_over(text)) leave_phase();
}

void FoldingChain::on_note(Event event) {
  if (leaving_) return;
  note_ += std::get<chat::ReasoningDelta>(event.payload).text;
  waiting_.push_back(std::move(event));
  if (first_line(note_).ended) leave_phase();
}

bool FoldingChain::step_is_over(std::string_view latest) const {
  if (step_tokens_ < step_limit_ || rest() < kLeastRest + kNoteTokens) return false;
  return latest.contains('\n') || static_cast<double>(step_tokens_) >= kLongestStep * step_limit_;
}

void FoldingChain::leave_phase() {
  if (std::exchange(leaving_, true)) return;
  (void)inner_.control(chat::Stop{});  // where it cannot be stopped it is read to its end
}

void FoldingChain::on_finished(const chat::Finished& finished) {
  const bool cut = finished.reason == chat::FinishReason::Deadline || stop_asked_;
  if ((leaving_ || phase_ == Phase::Note) && !cut) {
    leaving_ = true;
    return;
  }
  over_ = true;
  waiting_.push_back({.payload = cost_.total()});
  waiting_.push_back({.payload = finished});
}

void FoldingChain::after_phase() {
  cost_.next_call();
  if (phase_ == Phase::Step) return start_note();
  const std::string note = first_line(note_).text;
  notes_ += "- " + (note.empty() ? last_line(step_) : note) + "\n";
  waiting_.push_back({.payload = chat::ReasoningDelta{"\n\n"}});
  start_step();
}

Result<void> FoldingChain::control(chat::Control control) {
  if (std::holds_alternative<chat::Stop>(control)) stop_asked_ = true;
  if (std::holds_alternative<chat::AnswerNow>(control)) budget_ = 0;
  if (const auto* set = std::get_if<chat::SetBudget>(&control)) {
    budget_ = set->reasoning_tokens;
    return {};  // each step has what is left of it
  }
  const auto result = inner_.control(std::move(control));
  const bool between_calls = !result && result.error().code == ErrorCode::Conflict && !over_;
  if (between_calls) return {};
  return result;
}

}  // namespace

std::unique_ptr<chat::Stream> fold_steps(chat::Backend& thinking, chat::Request request,
                                         const chat::BackendInfo& info, int budget,
                                         chat::Timer& timer) {
  if (chat::choice_count(request) > 1) {
    return chat::failed_stream({ErrorCode::Unsupported,
                                "only a single answer in the mode thinking can fold its steps",
                                "fold"});
  }
  if (!request.prefill.empty()) {
    return chat::failed_stream({ErrorCode::Unsupported,
                                "an answer that goes on from a text of yours cannot fold its steps",
                                "fold"});
  }
  if (!info.can_prefill) {
    return chat::failed_stream({ErrorCode::Unsupported,
                                "this model's server cannot go on from a text, which folding needs",
                                "fold"});
  }
  request.limits.total_tokens.reset();  // of each call: the steps before it are spent
  return std::make_unique<FoldingChain>(thinking, std::move(request), budget, timer);
}

}  // namespace melete::modes
