#include "modes/contemplation.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

#include "modes/agents_request.h"
#include "modes/merge.h"

namespace melete::modes {

namespace {

using chat::Event;
using chat::FinishReason;
using State = chat::AgentProgress::State;

constexpr std::chrono::milliseconds kDrainTime{1000};      // for stopped agents to say goodbye
constexpr std::chrono::milliseconds kDeadlineGrace{1000};  // for a backend that keeps it itself
constexpr double kAnswerNowShare = 0.6;                    // of the deadline
constexpr double kAgentsShare = 0.9;

std::chrono::milliseconds part_of(std::chrono::milliseconds whole, double share) {
  return std::chrono::milliseconds(
      static_cast<int64_t>(static_cast<double>(whole.count()) * share));
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

Contemplation::Contemplation(chat::Backend& thinking, ContemplationPlan plan, ModeOptions options)
    : thinking_(thinking),
      plan_(std::move(plan)),
      options_(options),
      start_(options.timer->now()),
      inner_(*options.timer),
      agents_(static_cast<size_t>(plan_.agents)),
      standing_{.ballot = Ballot(options.vote), .agents = plan_.agents, .running = plan_.agents},
      last_event_(start_) {
  chat::Request request = agents_request(plan_.turn, plan_.agents, plan_.seed);
  if (request.limits.deadline)
    request.limits.deadline = part_of(*request.limits.deadline, kAgentsShare);
  open(std::move(request));
}

chat::awaitable<std::optional<Event>> Contemplation::next() {
  while (waiting_.empty() && phase_ != Phase::Over) {
    if (phase_ == Phase::Propose) {
      co_await propose();
    } else if (phase_ == Phase::Drain) {
      co_await drain();
    } else {
      co_await write();
    }
  }
  if (waiting_.empty()) co_return std::nullopt;
  Event event = std::move(waiting_.front());
  waiting_.pop_front();
  co_return event;
}

Result<void> Contemplation::control(chat::Control control) {
  if (phase_ == Phase::Over) return fail(ErrorCode::Conflict, "this answer has ended");
  std::optional<int> choice;
  std::visit(
      [&choice](auto& command) {
        if constexpr (requires { command.choice; }) choice = std::exchange(command.choice, {});
      },
      control);
  if (choice.value_or(0) != 0) {
    return fail(ErrorCode::Conflict, fmt::format("there is no choice {}, only 0", *choice));
  }
  if (std::holds_alternative<chat::Stop>(control)) stop_asked_ = true;
  const auto result = inner_.control(std::move(control));
  if (!result && result.error().code == ErrorCode::Conflict) return {};  // between two phases
  return result;
}

// ---- Propose ----

chat::awaitable<void> Contemplation::propose() {
  InnerStream::Next next = co_await inner_.next(next_moment());
  if (next.late) {
    on_silence();
  } else if (next.event) {
    last_event_ = options_.timer->now();
    on_agent_event(std::move(*next.event));
  } else {
    on_agents_failed({ErrorCode::Unavailable, "the agents' stream broke off; ask again", ""});
  }
}

// When to act although no agent says anything.
Instant Contemplation::next_moment() const {
  const Instant silence = last_event_ + options_.agent_silence;
  const auto& deadline = plan_.turn.limits.deadline;
  if (!deadline) return silence;
  const Instant moment = answer_now_sent_
                             ? start_ + part_of(*deadline, kAgentsShare) + kDeadlineGrace
                             : start_ + part_of(*deadline, kAnswerNowShare);
  return std::min(silence, moment);
}

void Contemplation::on_silence() {
  const Instant now = options_.timer->now();
  const auto& deadline = plan_.turn.limits.deadline;
  const bool silent = now >= last_event_ + options_.agent_silence;
  if (deadline && !answer_now_sent_ && !silent) {
    answer_now_sent_ = true;
    (void)inner_.control(
        chat::AnswerNow{});  // where it is unsupported, the deadline itself follows
    return;
  }
  for (int i = 0; i < plan_.agents; ++i) {
    if (!agents_[static_cast<size_t>(i)].ended) end_agent(i, FinishReason::Deadline);
  }
}

void Contemplation::on_agent_event(Event event) {
  cost_.add(event);
  if (const auto* failed = std::get_if<chat::Failed>(&event.payload)) {
    return on_agents_failed(failed->error);
  }
  const auto* finished = std::get_if<chat::Finished>(&event.payload);
  if (finished) return end_agent(event.choice, finished->reason);
  if (const auto* started = std::get_if<chat::Started>(&event.payload)) {
    if (!std::exchange(started_told_, true)) tell(*started);
    return tell_progress(event.choice, State::Started);
  }
  on_agent_delta(event.choice, event);
}

void Contemplation::on_agent_delta(int number, const Event& event) {
  Agent& agent = agents_[static_cast<size_t>(number)];
  const auto* reasoning = std::get_if<chat::ReasoningDelta>(&event.payload);
  const auto* text = std::get_if<chat::TextDelta>(&event.payload);
  if (reasoning) agent.reasoning += reasoning->text;
  if (reasoning) agent.reasoning_tokens += event.tokens;
  if (text) agent.text += text->text;
  agent.tokens += event.tokens;
  if (agent.tokens - agent.reported < options_.progress_tokens) return;
  agent.reported = agent.tokens;
  tell_progress(number, reasoning ? State::Reasoning : State::Answering);
}

void Contemplation::end_agent(int number, FinishReason reason) {
  Agent& agent = agents_[static_cast<size_t>(number)];
  if (std::exchange(agent.ended, true)) return;
  --standing_.running;
  AgentFinal final{.agent = number,
                   .reasoning = std::move(agent.reasoning),
                   .text = is_blank(agent.text) ? std::string() : std::move(agent.text),
                   .reasoning_tokens = agent.reasoning_tokens,
                   .tokens = agent.tokens,
                   .reason = reason};
  final.answer = extract_answer(final.text, plan_.kind);
  const std::string answer = final.answer ? final.answer->text : std::string();
  if (final.answer) tell_progress(number, State::Answered, answer);
  tell_progress(number, State::Ended, std::string(name_of(reason)));

  const int votes = add_final(standing_, std::move(final));
  if (votes > 0) {
    tell(chat::Vote{.answer = answer, .votes = votes, .agents_left = standing_.running});
    waiting_.back().agent = std::to_string(number + 1);
  }
  if (standing_.running == 0) return settle();
  if (const auto why = plan_.strategy->enough(standing_)) {
    stop_agents(*why);
    settle();
  }
}

void Contemplation::on_agents_failed(const Error& error) {
  const bool any = std::ranges::any_of(standing_.finals, [](const AgentFinal& final) {
    return is_complete(final) && !final.text.empty();
  });
  if (!any) return fail_with(error);
  stop_agents("failed");
  settle();
}

void Contemplation::stop_agents(std::string_view why) {
  for (int i = 0; i < plan_.agents; ++i) {
    if (std::exchange(agents_[static_cast<size_t>(i)].ended, true)) continue;
    (void)inner_.control(chat::Stop{i});  // where it is unsupported, closing the stream ends it
    tell_progress(i, State::Ended, std::string(why));
  }
  standing_.running = 0;
}

// The verdict falls. A member's text is told at once; the agents' stream is drained behind it.
void Contemplation::settle() {
  const bool any_complete = std::ranges::any_of(standing_.finals, [](const AgentFinal& final) {
    return is_complete(final) && !final.text.empty();
  });
  if (!any_complete) count_incomplete(standing_);
  const bool late = std::ranges::any_of(standing_.finals, [](const AgentFinal& final) {
    return final.reason == FinishReason::Deadline;
  });
  verdict_ = stop_asked_ || late ? leader_verdict(standing_, stop_asked_ ? "stopped" : "deadline")
                                 : plan_.strategy->decide(standing_);
  if (verdict_.kind == Verdict::Kind::Member) take_member(verdict_);
  if (verdict_.kind == Verdict::Kind::Nothing && late) member_reason_ = FinishReason::Deadline;
  drain_end_ = options_.timer->now() + kDrainTime;
  phase_ = Phase::Drain;
}

// ---- Drain ----

chat::awaitable<void> Contemplation::drain() {
  const InnerStream::Next next = co_await inner_.next(drain_end_);
  if (next.event && !std::holds_alternative<chat::Failed>(next.event->payload)) {
    cost_.add(*next.event);
    co_return;
  }
  close();
  if (verdict_.kind == Verdict::Kind::Member) {
    finish(member_reason_);
  } else if (stop_asked_) {
    finish(FinishReason::Stopped);
  } else if (member_reason_ == FinishReason::Deadline) {
    finish(FinishReason::Deadline);
  } else {
    start_writing();
  }
}

// ---- Write ----

void Contemplation::start_writing() {
  phase_ = Phase::Write;
  chat::Request request = with_time_left(plan_.turn);
  if (verdict_.kind == Verdict::Kind::Merge) {
    std::vector<std::string> candidates;
    for (const int index : distinct_finals(standing_)) {
      candidates.push_back(standing_.finals[static_cast<size_t>(index)].text);
    }
    request = merge_request(std::move(request), std::move(candidates), plan_.seed);
    request.limits.reasoning_tokens =
        std::min(options_.merge_reasoning,
                 request.limits.reasoning_tokens.value_or(options_.merge_reasoning));
    if (!keeps_majority()) tell_decision("merge", verdict_);
  } else {
    tell_decision("thinking", {.why = "no agent gave an answer: one more answers alone"});
  }
  open(std::move(request));
  if (stop_asked_) (void)inner_.control(chat::Stop{});  // it came while no stream was open
}

chat::awaitable<void> Contemplation::write() {
  InnerStream::Next next = co_await inner_.next(InnerStream::kNoDeadline);
  if (!next.event) {
    give_up_writing({ErrorCode::Unavailable, "the model's stream broke off; ask again", ""});
    co_return;
  }
  Event& event = *next.event;
  cost_.add(event);
  if (const auto* finished = std::get_if<chat::Finished>(&event.payload)) {
    on_written(finished->reason);
  } else if (const auto* failed = std::get_if<chat::Failed>(&event.payload)) {
    give_up_writing(failed->error);
  } else if (!std::holds_alternative<chat::Started>(event.payload) &&
             !std::holds_alternative<chat::Usage>(event.payload)) {
    if (const auto* text = std::get_if<chat::TextDelta>(&event.payload)) written_ += text->text;
    (keeps_majority() ? held_ : waiting_).push_back(std::move(event));
  }
}

// The majority is strong enough to stand against a merge.
bool Contemplation::keeps_majority() const {
  return verdict_.kind == Verdict::Kind::Merge && majority_stands(standing_.ballot, std::nullopt);
}

void Contemplation::on_written(FinishReason reason) {
  close();
  const bool merged = verdict_.kind == Verdict::Kind::Merge;
  if (merged && is_blank(written_)) {
    take_member(leader_verdict(standing_, "the merge was empty"));
    return finish(stop_asked_ ? FinishReason::Stopped : member_reason_);
  }
  if (keeps_majority()) {
    if (majority_stands(standing_.ballot, extract_answer(written_, plan_.kind))) {
      take_member(leader_verdict(standing_, "a clear majority stands against the merge"));
      return finish(member_reason_);
    }
    tell_decision("merge", verdict_);
    std::ranges::move(held_, std::back_inserter(waiting_));
  }
  finish(reason);
}

void Contemplation::give_up_writing(const Error& error) {
  close();
  if (verdict_.kind != Verdict::Kind::Merge || (!is_blank(written_) && !keeps_majority())) {
    return fail_with(error);
  }
  take_member(leader_verdict(standing_, "the merge failed: " + error.message));
  finish(member_reason_);
}

// ---- The answer ----

void Contemplation::take_member(const Verdict& verdict) {
  const AgentFinal& member = standing_.finals[static_cast<size_t>(verdict.member)];
  tell_decision(plan_.turn.strategy.empty() ? "vote" : plan_.turn.strategy, verdict);
  if (!member.reasoning.empty()) {
    tell(chat::ReasoningDelta{member.reasoning}, static_cast<int>(member.reasoning_tokens));
  }
  tell(chat::TextDelta{member.text, {}}, static_cast<int>(member.tokens - member.reasoning_tokens));
  member_reason_ = member.reason;
  if (stop_asked_) member_reason_ = FinishReason::Stopped;
}

void Contemplation::tell_decision(std::string_view strategy, const Verdict& verdict) {
  tell(chat::Decision{.strategy = std::string(strategy),
                      .answer = verdict.answer,
                      .votes = verdict.votes,
                      .agents = plan_.agents,
                      .why = verdict.why});
}

void Contemplation::tell_progress(int agent, State state, std::string detail) {
  tell(chat::AgentProgress{.state = state,
                           .tokens = agents_[static_cast<size_t>(agent)].tokens,
                           .detail = std::move(detail)});
  waiting_.back().agent = std::to_string(agent + 1);
}

void Contemplation::tell(chat::Payload payload, int tokens) {
  waiting_.push_back({.tokens = tokens, .payload = std::move(payload)});
}

void Contemplation::finish(FinishReason reason) {
  tell(cost_.total());
  tell(chat::Finished{reason});
  phase_ = Phase::Over;
}

void Contemplation::fail_with(const Error& error) {
  close();
  tell(chat::Failed{error});
  phase_ = Phase::Over;
}

// ---- Streams and their cost ----

void Contemplation::open(chat::Request request) {
  inner_.open(thinking_.start(std::move(request)));
}

void Contemplation::close() {
  inner_.close();
  cost_.next_call();
}

chat::Request Contemplation::with_time_left(chat::Request request) const {
  if (!request.limits.deadline) return request;
  const auto passed =
      std::chrono::duration_cast<std::chrono::milliseconds>(options_.timer->now() - start_);
  request.limits.deadline =
      std::max(std::chrono::milliseconds(1), *request.limits.deadline - passed);
  return request;
}

}  // namespace melete::modes
