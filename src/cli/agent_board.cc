// From events of agents to lines.

#include "cli/agent_board.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/terminal.h"

namespace melete::cli {
namespace {

using State = chat::AgentProgress::State;

constexpr size_t kDetailBytes = 240;
constexpr int kAnswerColumns = 100;

std::string_view verb_of(State state) {
  switch (state) {
    case State::Started:
      return "started";
    case State::Reasoning:
      return "thinking";
    case State::Answering:
      return "writing";
    case State::Answered:
      return "answered";
    case State::Ended:
      return "ended";
  }
  return "";
}

bool settled(State state) {
  return state == State::Answered || state == State::Ended;
}

// The last bytes of `text`, cut at the beginning of a character.
std::string tail_of(const std::string& text, size_t bytes) {
  if (text.size() <= bytes) return text;
  size_t start = text.size() - bytes;
  while (start < text.size() && (static_cast<unsigned char>(text[start]) & 0xc0) == 0x80) ++start;
  return text.substr(start);
}

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

std::optional<std::string> AgentBoard::add(const chat::Event& event) {
  if (const auto* decision = std::get_if<chat::Decision>(&event.payload)) {
    return decision_text(*decision);
  }
  if (event.agent.empty()) return std::nullopt;
  if (const auto* progress = std::get_if<chat::AgentProgress>(&event.payload)) {
    return add_progress(event.agent, *progress);
  }
  if (const auto* reasoning = std::get_if<chat::ReasoningDelta>(&event.payload)) {
    agents_[event.agent].state = State::Reasoning;
    add_text(event, reasoning->text);
  }
  if (const auto* text = std::get_if<chat::TextDelta>(&event.payload)) {
    agents_[event.agent].state = State::Answering;
    add_text(event, text->text);
  }
  return std::nullopt;
}

std::vector<std::string> AgentBoard::lines() const {
  std::vector<std::string> lines;
  for (const auto& [name, agent] : agents_) {
    lines.push_back(fmt::format("agent {:<3} {:<9} {:>5} tokens  {}", name, verb_of(agent.state),
                                agent.tokens, agent.detail));
  }
  return lines;
}

std::optional<std::string> AgentBoard::add_progress(const std::string& name,
                                                    const chat::AgentProgress& progress) {
  Agent& agent = agents_[name];
  const bool was_answered = agent.state == State::Answered;
  agent.tokens = std::max(agent.tokens, progress.tokens);
  if (was_answered && progress.state == State::Ended) return std::nullopt;
  agent.state = progress.state;
  if (!settled(progress.state)) return std::nullopt;
  const std::string& detail = progress.detail.empty() ? progress.text : progress.detail;
  agent.detail = fit(printable(first_line(detail)), kAnswerColumns);
  const std::string_view colon = agent.detail.empty() ? "" : ": ";
  return fmt::format("agent {} {} ({} tokens){}{}", name, verb_of(agent.state), agent.tokens, colon,
                     agent.detail);
}

void AgentBoard::add_text(const chat::Event& event, std::string_view text) {
  Agent& agent = agents_[event.agent];
  agent.tokens += event.tokens;
  agent.detail = tail_of(agent.detail + printable(text), kDetailBytes);
}

bool AgentBoard::ByNumber::operator()(const std::string& left, const std::string& right) const {
  const size_t left_digits = std::min(left.find('/'), left.size());
  const size_t right_digits = std::min(right.find('/'), right.size());
  if (left_digits != right_digits) return left_digits < right_digits;
  return left < right;
}

std::string decision_text(const chat::Decision& decision) {
  if (decision.strategy == "vote" && decision.votes > 0 && decision.agents > 0) {
    return fmt::format("{} of {} agents say {}", decision.votes, decision.agents,
                       fit(printable(decision.answer), kAnswerColumns));
  }
  const std::string_view colon = decision.why.empty() ? "" : ": ";
  return fmt::format("settled by {}{}{}", decision.strategy, colon,
                     fit(printable(decision.why), kAnswerColumns));
}

}  // namespace melete::cli
