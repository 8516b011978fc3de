// The rounds of agents in a contemplation: starting them, listening to them, ending them.

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "modes/agents_request.h"
#include "modes/contemplation.h"
#include "modes/refine.h"

namespace melete::modes {

namespace {

using chat::Event;
using chat::FinishReason;
using State = chat::AgentProgress::State;

constexpr std::chrono::milliseconds kDeadlineGrace{1000};  // for a backend that keeps it itself
constexpr double kAnswerNowShare = 0.6;                    // of the deadline
constexpr double kAgentsShare = 0.9;

std::chrono::milliseconds part_of(std::chrono::milliseconds whole, double share) {
  return std::chrono::milliseconds(
      static_cast<int64_t>(static_cast<double>(whole.count()) * share));
}

}  // namespace

// A further wave of the round, or its first one.
void Contemplation::start_agents(const chat::Request& turn, int count) {
  if (standing_.round == 1) count = std::min(count, standing_.reserve);
  const auto same_round = [this](const AgentRun& agent) {
    return agent.seat().round == standing_.round;
  };
  const auto before = static_cast<int>(std::ranges::count_if(agents_, same_round));
  const auto base = static_cast<int>(agents_.size()) - before;
  chat::Request request = with_time_left(turn, kAgentsShare);
  // For AgentFinal::certainty.
  if (!request.sampling.top_logprobs) request.sampling.top_logprobs = 0;

  const AgentRange range{.first = before, .count = count, .seed = plan_.seed};
  agents_.resize(agents_.size() + static_cast<size_t>(count), AgentRun({}));
  for (AgentCall& call : agent_calls(request, thinking_, range)) {
    const std::string model = call.request.model;
    const int stream =
        open(standing_.round == 1 ? Work::Propose : Work::Refine, std::move(call.request));
    for (const int agent : call.agents) {
      std::vector<int>& choices = calls_[static_cast<size_t>(stream)].agents;
      const int index = base + agent;
      agents_[static_cast<size_t>(index)] = AgentRun({.number = agent + 1,
                                                      .round = standing_.round,
                                                      .model = model,
                                                      .stream = stream,
                                                      .choice = static_cast<int>(choices.size())});
      choices.push_back(index);
    }
  }
  standing_.running += count;
  if (standing_.round == 1) standing_.reserve -= count;
  set_quorums(before + count);
  spoken_ = false;
  wave_start_ = last_event_ = options_.timer->now();
  if (stop_asked_) (void)streams_.control(chat::Stop{});  // it came while no stream was open
}

void Contemplation::set_quorums(int agents) {
  standing_.enough_texts = text_quorum(agents);
  standing_.enough_with_votes = vote_quorum(agents);
  standing_.enough_with_leader = leader_quorum(agents);
  // A wave that others may follow is heard to its end: what it lacks they would have to say again.
  if (standing_.reserve > 0) standing_.enough_with_votes = standing_.enough_with_leader = agents;
  const int wanted = options_.enough_agents;
  if (wanted == 0) return;
  standing_.enough_texts = wanted;
  standing_.enough_with_votes = standing_.enough_with_leader = whole_count(standing_) + wanted;
}

void Contemplation::start_refining() {
  std::vector<std::string> answers;
  for (const int index : distinct_finals(standing_)) {
    answers.push_back(standing_.finals[static_cast<size_t>(index)].text);
  }
  const int count = refining_agents(static_cast<int>(agents_.size()));
  first_round_ = std::exchange(standing_, {.ballot = Ballot(options_.vote), .round = 2});
  start_agents(refine_request(plan_.turn, std::move(answers), plan_.seed), count);
}

// When to act although no stream says anything.
Instant Contemplation::next_moment() const {
  if (phase_ == Phase::Drain) return drain_end_;
  if (phase_ != Phase::Agents) return last_event_ + options_.agent_silence;
  // Before a first word the model reads the prompt, which may be long.
  Instant moment = spoken_ ? last_event_ + options_.agent_silence : StreamSet::kNoDeadline;
  if (const auto budget = budget_end()) moment = std::min(moment, *budget);
  const auto& deadline = plan_.turn.limits.deadline;
  if (!deadline) return moment;
  const Instant hurry = answer_now_sent_
                            ? start_ + part_of(*deadline, kAgentsShare) + kDeadlineGrace
                            : start_ + part_of(*deadline, kAnswerNowShare);
  return std::min(moment, hurry);
}

// When the agents have taken as many chains' time as they may; nothing before one has finished.
std::optional<Instant> Contemplation::budget_end() const {
  const auto chain = estimate_.in_company();
  if (!chain) return std::nullopt;
  const auto budget = static_cast<double>(chain->count()) * options_.time_budget;
  return wave_start_ + std::chrono::nanoseconds(static_cast<int64_t>(budget));
}

void Contemplation::on_late() {
  if (phase_ == Phase::Write) {
    streams_.close(writer_);
    return give_up_writing(
        {ErrorCode::DeadlineExceeded, "the model said nothing for too long; ask again", ""});
  }
  const Instant now = options_.timer->now();
  const auto& deadline = plan_.turn.limits.deadline;
  if (spoken_ && now >= last_event_ + options_.agent_silence) return end_all("silence");
  if (const auto budget = budget_end(); budget && now >= *budget) {
    stop_agents("time budget");
    return settle();
  }
  if (!deadline) return;
  if (answer_now_sent_) return end_all(name_of(FinishReason::Deadline));
  answer_now_sent_ = true;
  (void)streams_.control(chat::AnswerNow{});  // where it is unsupported, the deadline follows
}

void Contemplation::hear_agent(int number, const Event& event) {
  AgentRun& agent = agents_[static_cast<size_t>(number)];
  if (agent.ended()) return;
  agent.add(event);
  spoken_ = spoken_ || std::holds_alternative<chat::ReasoningDelta>(event.payload) ||
            std::holds_alternative<chat::TextDelta>(event.payload);
  if (const auto* finished = std::get_if<chat::Finished>(&event.payload)) {
    end_agent(number, finished->reason, ended_why(finished->reason));
    return after_end();
  }
  if (const auto* started = std::get_if<chat::Started>(&event.payload)) {
    if (!std::exchange(started_told_, true)) tell(*started);
    return tell_progress(number, {.state = State::Started});
  }
  if (agent.loops()) return end_loop(number);
  if (!agent.has_progress(options_.progress_tokens)) return;
  const bool reasons = std::holds_alternative<chat::ReasoningDelta>(event.payload);
  tell_progress(number, {.state = reasons ? State::Reasoning : State::Answering});
}

void Contemplation::end_loop(int number) {
  const AgentSeat& seat = agents_[static_cast<size_t>(number)].seat();
  const auto stopped = streams_.control(seat.stream, chat::Stop{seat.choice});
  const bool alone = calls_[static_cast<size_t>(seat.stream)].agents.size() == 1;
  if (!stopped && alone) streams_.close(seat.stream);  // else it is not listened to
  end_agent(number, FinishReason::Length, "loop");
  after_end();
}

void Contemplation::end_agent(int number, FinishReason reason, std::string why) {
  AgentRun& agent = agents_[static_cast<size_t>(number)];
  if (agent.ended()) return;
  --standing_.running;
  AgentFinal final = agent.finish(reason, plan_.kind, std::move(why));
  final.agent = number;
  final.passes = plan_.check && plan_.check->passes(final.text, final.answer);
  const bool whole = is_whole(final);
  if (whole || final.answer) {
    tell_progress(number, {.state = State::Answered, .detail = agent.answer(), .text = final.text});
  }
  tell_progress(number, {.state = State::Ended, .detail = agent.why()});
  if (whole) add_to_estimate(agent);
  const int votes = add_final(standing_, std::move(final));
  if (votes == 0) return;
  agent.count_vote();
  tell(chat::Vote{.answer = agent.answer(), .votes = votes, .agents_left = standing_.running});
  waiting_.back().agent = std::to_string(agent.seat().number);
}

void Contemplation::add_to_estimate(const AgentRun& agent) {
  int64_t all = 0;
  for (const AgentRun& each : agents_) {
    if (each.seat().round == agent.seat().round) all += each.tokens();
  }
  estimate_.add({.took = options_.timer->now() - wave_start_,
                 .tokens = agent.tokens(),
                 .tokens_of_all = all});
}

// What a stream that failed was to say is lost; the other agents go on.
void Contemplation::fail_agents(const Call& call, const Error& error) {
  bool any = false;
  for (const int number : call.agents) {
    AgentRun& agent = agents_[static_cast<size_t>(number)];
    if (agent.ended()) continue;
    any = true;
    agent.end("failed");
    --standing_.running;
    tell_progress(number, {.state = State::Ended, .detail = agent.why()});
  }
  if (!any) return;
  if (!error_) error_ = error;
  after_end();
}

// Time is over for all that run: what they have written so far counts as it is.
void Contemplation::end_all(std::string_view why) {
  stop_why_ = why;
  for (size_t i = 0; i < agents_.size(); ++i) {
    end_agent(static_cast<int>(i), FinishReason::Deadline, std::string(why));
  }
  settle();
}

void Contemplation::stop_agents(std::string_view why) {
  stop_why_ = why;
  for (size_t i = 0; i < agents_.size(); ++i) {
    AgentRun& agent = agents_[i];
    if (agent.ended()) continue;
    agent.end(std::string(why));
    const AgentSeat& seat = agent.seat();
    const auto stopped = streams_.control(seat.stream, chat::Stop{seat.choice});
    const bool alone = calls_[static_cast<size_t>(seat.stream)].agents.size() == 1;
    if (!stopped && alone) streams_.close(seat.stream);
    tell_progress(static_cast<int>(i), {.state = State::Ended, .detail = agent.why()});
  }
  standing_.running = 0;
}

void Contemplation::after_end() {
  if (standing_.running == 0) return settle();
  if (const auto why = plan_.strategy->enough(standing_)) {
    stop_agents(*why);
    settle();
  }
}

}  // namespace melete::modes
