#include "modes/contemplation.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>
#include <variant>

namespace melete::modes {

namespace {

using chat::Event;
using chat::FinishReason;

constexpr std::chrono::milliseconds kDrainTime{1000};  // for stopped agents to tell their usage

}  // namespace

Contemplation::Contemplation(chat::Backend& thinking, ContemplationPlan plan, ModeOptions options)
    : thinking_(thinking),
      plan_(std::move(plan)),
      options_(options),
      start_(options.timer->now()),
      streams_(*options.timer),
      standing_{.ballot = Ballot(options.vote), .reserve = plan_.agents.most},
      estimate_(plan_.step_costs),
      wave_start_(start_),
      last_event_(start_) {
  start_agents(plan_.turn, plan_.agents.first);
}

chat::awaitable<std::optional<Event>> Contemplation::next() {
  while (waiting_.empty() && phase_ != Phase::Over) {
    StreamSet::Next next = co_await streams_.next(next_moment());
    hear(std::move(next));
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
  auto result = streams_.control(control);
  if (!result && result.error().code == ErrorCode::Conflict) return {};  // between two phases
  return result;
}

void Contemplation::hear(StreamSet::Next next) {
  const bool nothing_runs = next.stream < 0 && !next.late;
  if (phase_ == Phase::Drain && (next.late || nothing_runs)) return finish();
  if (next.late) return on_late();
  if (nothing_runs) return fail_with({ErrorCode::Internal, "an answer ended without an end", ""});
  if (!next.event) {
    next.event = Event{.payload = chat::Failed{{ErrorCode::Unavailable,
                                                "the model's stream broke off; ask again", ""}}};
  }
  Call& call = calls_[static_cast<size_t>(next.stream)];
  call.cost.add(*next.event);
  last_event_ = options_.timer->now();
  const auto* failed = std::get_if<chat::Failed>(&next.event->payload);
  if (next.stream == writer_) {
    if (phase_ == Phase::Write) hear_writer(std::move(*next.event));
  } else if (call.agents.empty() || phase_ != Phase::Agents) {
    return;
  } else if (failed) {
    fail_agents(call, failed->error);
  } else {
    const auto choice = static_cast<size_t>(next.event->choice);
    if (choice < call.agents.size()) hear_agent(call.agents[choice], *next.event);
  }
}

// The verdict falls. A member's text is told at once.
void Contemplation::settle() {
  const bool late = std::ranges::any_of(standing_.finals, [](const AgentFinal& final) {
    return final.reason == FinishReason::Deadline;
  });
  if (stop_asked_) stop_why_ = name_of(FinishReason::Stopped);
  const bool hurried = stop_asked_ || late;
  const bool any_whole = std::ranges::any_of(standing_.finals, is_whole);
  if (!hurried) {
    verdict_ = plan_.strategy->decide(standing_);
    if (verdict_.kind == Verdict::Kind::More) return start_agents(plan_.turn, plan_.agents.wave);
    if (verdict_.kind == Verdict::Kind::Refine) return start_refining();
  }
  if (!any_whole && first_round_) {
    standing_ = *std::exchange(first_round_, std::nullopt);
    verdict_ = leader_verdict(standing_, "the second round gave no answer");
  } else {
    if (!any_whole) {
      count_incomplete(standing_);
      standing_.reserve = 0;  // more agents would be cut off as these were
    }
    verdict_ = hurried ? leader_verdict(standing_, stop_asked_ ? "stopped" : "deadline")
                       : plan_.strategy->decide(standing_);
  }
  if (verdict_.kind == Verdict::Kind::Member) {
    take_member(verdict_);
    return start_draining(finished_);
  }
  if (stop_asked_) return start_draining({FinishReason::Stopped});
  if (late) return start_draining({FinishReason::Deadline});
  const bool any_text = std::ranges::any_of(
      standing_.finals, [](const AgentFinal& final) { return !final.text.empty(); });
  if (!any_text && error_) return fail_with(*error_);
  start_writing();
}

void Contemplation::start_draining(chat::Finished finished) {
  phase_ = Phase::Drain;
  finished_ = std::move(finished);
  drain_end_ = options_.timer->now() + kDrainTime;
}

void Contemplation::finish() {
  streams_.close();
  tell(report());
  tell(usage());
  tell(finished_);
  phase_ = Phase::Over;
}

void Contemplation::fail_with(const Error& error) {
  streams_.close();
  tell(chat::Failed{error});
  phase_ = Phase::Over;
}

int Contemplation::open(Work work, chat::Request request) {
  calls_.push_back({.work = work});
  return streams_.open(thinking_.start(std::move(request)));
}

chat::Request Contemplation::with_time_left(chat::Request request, double share) const {
  if (!request.limits.deadline) return request;
  const auto whole = std::chrono::milliseconds(
      static_cast<int64_t>(static_cast<double>(request.limits.deadline->count()) * share));
  const auto passed =
      std::chrono::duration_cast<std::chrono::milliseconds>(options_.timer->now() - start_);
  request.limits.deadline = std::max(std::chrono::milliseconds(1), whole - passed);
  return request;
}

// ---- What is told ----

void Contemplation::take_member(const Verdict& verdict) {
  const AgentFinal& member = standing_.finals[static_cast<size_t>(verdict.member)];
  tell_decision(plan_.strategy_name, verdict);
  if (!member.reasoning.empty()) {
    tell(chat::ReasoningDelta{member.reasoning}, static_cast<int>(member.reasoning_tokens));
  }
  chat::TextDelta text{member.text, {}};
  if (plan_.turn.sampling.top_logprobs) {
    text.logprobs = agents_[static_cast<size_t>(member.agent)].logprobs();
  }
  tell(std::move(text), static_cast<int>(member.tokens - member.reasoning_tokens));
  finished_ = {stop_asked_ ? FinishReason::Stopped : member.reason, member.stop_text};
}

void Contemplation::tell_decision(std::string_view strategy, const Verdict& verdict) {
  tell(chat::Decision{.strategy = std::string(strategy),
                      .answer = verdict.answer,
                      .votes = verdict.votes,
                      .agents = report().ran,
                      .why = verdict.why});
}

void Contemplation::tell_progress(int agent, chat::AgentProgress progress) {
  const AgentRun& run = agents_[static_cast<size_t>(agent)];
  progress.tokens = run.tokens();
  tell(std::move(progress));
  waiting_.back().agent = std::to_string(run.seat().number);
}

void Contemplation::tell(chat::Payload payload, int tokens) {
  waiting_.push_back({.tokens = tokens, .payload = std::move(payload)});
}

chat::Usage Contemplation::usage() const {
  chat::Usage all;
  for (const Call& call : calls_) all += call.cost.total();
  return all;
}

chat::Report Contemplation::report() const {
  chat::Report report{.strategy = plan_.strategy_name,
                      .stop = stop_why_.empty() ? "all ended" : stop_why_};
  for (const AgentRun& agent : agents_) {
    const AgentSeat& seat = agent.seat();
    report.asked += seat.round == 1 ? 1 : 0;
    report.ran += seat.round == 1 && agent.started() ? 1 : 0;
    report.agents.push_back({.agent = std::to_string(seat.number),
                             .round = seat.round,
                             .model = seat.model,
                             .answer = agent.answer(),
                             .ended = agent.why(),
                             .tokens = agent.tokens(),
                             .voted = agent.voted(),
                             .certainty = agent.certainty()});
  }
  for (const Ballot::Count& count : standing_.ballot.counts()) {
    report.votes.push_back({.answer = count.answer.text, .votes = count.votes});
  }
  for (const Call& call : calls_) {
    const chat::Usage cost = call.cost.total();
    const int64_t tokens = cost.reasoning_tokens + cost.answer_tokens;
    if (call.work == Work::Propose) report.propose_tokens += tokens;
    if (call.work == Work::Refine) report.refine_tokens += tokens;
    if (call.work == Work::Merge) report.merge_tokens += tokens;
  }
  using Seconds = std::chrono::duration<double>;
  report.seconds = Seconds(options_.timer->now() - start_).count();
  if (const auto chain = estimate_.alone()) report.chain_seconds = Seconds(*chain).count();
  return report;
}

}  // namespace melete::modes
