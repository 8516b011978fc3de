#include "eval/run_trial.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <utility>

#include "chat/collect.h"
#include "eval/grader.h"
#include "modes/answer_extraction.h"
#include "modes/ballot.h"

namespace melete::eval {
namespace {

namespace asio = boost::asio;

// One stream as it was watched.
struct Heard {
  chat::Completion completion;
  double first_seconds = 0;
  std::map<int, int64_t> pieces;        // by choice
  std::map<int, double> ended;          // likewise: seconds to the last piece
  std::map<std::string, Chain> agents;  // those that answered, by name
};

// Starts requests, together or one after the other, and hears them to their ends.
class Listener {
 public:
  Listener(chat::Backend& backend, const Clock& clock)
      : backend_(backend), clock_(clock), start_(clock.now()) {}

  // The requests run side by side.
  std::vector<Heard> hear(std::vector<chat::Request> requests) {
    std::vector<Heard> heard(requests.size());
    asio::io_context loop(1);
    for (size_t i = 0; i < requests.size(); ++i) {
      asio::co_spawn(loop, hear_one(std::move(requests[i]), heard[i]), asio::detached);
    }
    loop.run();
    return heard;
  }

  double seconds() const { return std::chrono::duration<double>(clock_.now() - start_).count(); }

 private:
  asio::awaitable<void> hear_one(chat::Request request, Heard& heard) {
    const std::unique_ptr<chat::Stream> stream = backend_.start(std::move(request));
    heard.completion =
        co_await chat::collect(*stream, [&](const chat::Event& event) { note(event, heard); });
  }

  void note(const chat::Event& event, Heard& heard) const {
    if (const auto* progress = std::get_if<chat::AgentProgress>(&event.payload)) {
      if (progress->state != chat::AgentProgress::State::Answered) return;
      heard.agents[event.agent] = {.text = progress->text, .seconds = seconds()};
      return;
    }
    const bool is_text = std::holds_alternative<chat::TextDelta>(event.payload) ||
                         std::holds_alternative<chat::ReasoningDelta>(event.payload);
    if (!is_text || !event.agent.empty()) return;
    if (heard.first_seconds == 0) heard.first_seconds = seconds();
    ++heard.pieces[event.choice];
    heard.ended[event.choice] = seconds();
  }

  chat::Backend& backend_;
  const Clock& clock_;
  const Instant start_;
};

chat::Request request_of(const Arm& arm, const Item& item, uint32_t seed) {
  chat::Request request = arm.request;
  chat::Message question{.role = chat::Role::User, .parts = item.media};
  question.parts.emplace_back(chat::TextPart{item.question + arm.instruction});
  request.messages.push_back(std::move(question));
  request.sampling.seed = seed;
  return request;
}

std::vector<Heard> hear_samples(const Arm& arm, const chat::Request& request, Listener& listener) {
  if (arm.sampling == Sampling::Choices) {
    chat::Request all = request;
    all.branches.resize(static_cast<size_t>(arm.samples));
    return listener.hear({all});
  }
  std::vector<chat::Request> requests;
  for (int i = 0; i < arm.samples; ++i) {
    requests.push_back(request);
    requests.back().sampling.seed = *request.sampling.seed + static_cast<uint32_t>(i);
  }
  if (arm.sampling == Sampling::Parallel) return listener.hear(std::move(requests));
  std::vector<Heard> heard;
  for (chat::Request& one : requests) heard.push_back(std::move(listener.hear({one}).front()));
  return heard;
}

int64_t tokens_of(const Heard& heard) {
  int64_t pieces = 0;
  for (const auto& [choice, count] : heard.pieces) pieces += count;
  const chat::Usage& usage = heard.completion.usage;
  return std::max(usage.reasoning_tokens + usage.answer_tokens, pieces);
}

// A client's samples as chains, and its vote among them as the trial's answer.
void vote(const std::vector<Heard>& heard, modes::AnswerKind kind, const Item& item, Trial& trial) {
  modes::Ballot ballot;
  std::vector<std::optional<modes::Answer>> answers;
  for (const Heard& stream : heard) {
    for (size_t i = 0; i < stream.completion.choices.size(); ++i) {
      const chat::Choice& choice = stream.completion.choices[i];
      const auto index = static_cast<int>(i);
      answers.push_back(modes::extract_answer(choice.text, kind));
      if (answers.back()) ballot.add(*answers.back());
      const auto pieces = stream.pieces.find(index);
      const auto ended = stream.ended.find(index);
      trial.chains.push_back({.text = choice.text,
                              .answer = answers.back() ? answers.back()->text : "",
                              .ended = std::string(name_of(choice.finish_reason)),
                              .tokens = pieces == stream.pieces.end() ? 0 : pieces->second,
                              .seconds = ended == stream.ended.end() ? 0 : ended->second,
                              .right = is_right(item, choice.text)});
    }
  }
  const auto leader = ballot.leader();
  for (size_t i = 0; i < answers.size(); ++i) {
    const Chain& chain = trial.chains[i];
    const bool leads = leader && answers[i] && modes::same_answer(leader->answer, *answers[i]);
    if (!leads && leader) continue;
    if (trial.text.empty()) trial.text = chain.text;
    trial.accepted_tokens = std::max(trial.accepted_tokens, chain.tokens);
  }
  if (leader) trial.decided = std::to_string(leader->votes) + " votes";
}

// The agents of a mode as chains.
void read_agents(const Heard& heard, const Item& item, Trial& trial) {
  if (!heard.completion.report) return;
  const chat::Report& report = *heard.completion.report;
  for (const chat::AgentReport& agent : report.agents) {
    Chain chain;
    if (const auto found = heard.agents.find(agent.agent); found != heard.agents.end()) {
      chain = found->second;
    }
    chain.answer = agent.answer;
    chain.ended = agent.ended;
    chain.tokens = agent.tokens;
    chain.certainty = agent.certainty;
    chain.right = is_right(item, chain.text);
    if (agent.voted) trial.accepted_tokens = std::max(trial.accepted_tokens, agent.tokens);
    trial.chains.push_back(std::move(chain));
  }
  trial.accepted_tokens += report.merge_tokens;
  if (!heard.completion.decisions.empty()) trial.decided = heard.completion.decisions.back().why;
}

}  // namespace

Trial run_trial(const Arm& arm, const Item& item, chat::Backend& backend, uint32_t seed,
                const Clock& clock) {
  const chat::Request request = request_of(arm, item, seed);
  Listener listener(backend, clock);
  const std::vector<Heard> heard = hear_samples(arm, request, listener);

  Trial trial{.item = item.id, .arm = arm.name, .seed = seed};
  trial.seconds = listener.seconds();
  trial.first_seconds = trial.seconds;
  for (const Heard& stream : heard) {
    trial.tokens += tokens_of(stream);
    trial.prompt_tokens = std::max(trial.prompt_tokens, stream.completion.usage.prompt_tokens);
    trial.peak_cells = std::max(trial.peak_cells, stream.completion.usage.peak_cells);
    if (stream.first_seconds > 0) {
      trial.first_seconds = std::min(trial.first_seconds, stream.first_seconds);
    }
    if (stream.completion.error) trial.error = stream.completion.error->message;
  }
  if (arm.samples > 1) {
    vote(heard, modes::expected_kind(request), item, trial);
  } else {
    trial.text = heard.front().completion.choices.front().text;
    read_agents(heard.front(), item, trial);
  }
  if (trial.accepted_tokens == 0) trial.accepted_tokens = trial.tokens;
  trial.right = trial.error.empty() && is_right(item, trial.text);
  return trial;
}

}  // namespace melete::eval
