#include "modes/agents_request.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "modes/thinking_prompt.h"

namespace melete::modes {

namespace {

constexpr double kLeastTemperature = 0.6;
constexpr std::string_view kNumberLine =
    "End your answer with a line of its own: \"Answer: \" and the number.";
constexpr std::string_view kLetterLine =
    "End your answer with a line of its own: \"Answer: \" and the letter of your choice.";
constexpr const char* kAskForHint = "How shall I go about it?";

// Puts what a branch adds into the request itself.
void fold_in(chat::Request& request, chat::Branch branch) {
  std::ranges::move(branch.suffix, std::back_inserter(request.messages));
  if (branch.sampling) request.sampling = std::move(*branch.sampling);
}

// Roles keep alternating, which some templates insist on.
chat::Branch branch_for(const chat::Request& turn, const AgentRange& range, int agent) {
  chat::Branch branch{.sampling = turn.sampling};
  auto& temperature = branch.sampling->temperature;
  if (temperature) temperature = std::max(*temperature, kLeastTemperature);
  branch.sampling->seed = range.seed + static_cast<uint32_t>(agent);
  if (turn.hints.empty()) return branch;
  const std::string& hint = turn.hints[static_cast<size_t>(agent) % turn.hints.size()];
  branch.suffix = {chat::text_message(chat::Role::Assistant, kAskForHint),
                   chat::text_message(chat::Role::User, hint)};
  return branch;
}

void add_last_line(chat::Request& request, std::string_view line) {
  const bool asks = !request.messages.empty() && request.messages.back().role == chat::Role::User;
  if (!asks) return add_instruction(request, line);
  if (names_marker(chat::text_of(request.messages.back()))) return;
  request.messages.back().parts.emplace_back(chat::TextPart{"\n\n" + std::string(line)});
}

std::string model_for(const chat::Request& turn, int agent) {
  if (turn.models.empty()) return turn.model;
  return turn.models[static_cast<size_t>(agent) % turn.models.size()];
}

}  // namespace

chat::Request agents_turn(chat::Request request, AnswerKind kind) {
  if (!request.branches.empty()) {
    chat::Branch branch = std::move(request.branches.front());
    request.branches.clear();
    fold_in(request, std::move(branch));
  }
  if (kind == AnswerKind::Number) add_last_line(request, kNumberLine);
  if (kind == AnswerKind::Letter) add_last_line(request, kLetterLine);
  return request;
}

std::vector<AgentCall> agent_calls(const chat::Request& turn, const chat::Backend& backend,
                                   const AgentRange& range) {
  std::vector<AgentCall> calls;
  for (int agent = range.first; agent < range.first + range.count; ++agent) {
    const std::string model = model_for(turn, agent);
    const auto info = backend.info(model);
    const bool shares = info && info->branches;
    const auto same = std::ranges::find_if(
        calls, [&](const AgentCall& call) { return shares && call.request.model == model; });
    if (same != calls.end()) {
      same->request.branches.push_back(branch_for(turn, range, agent));
      same->agents.push_back(agent);
      continue;
    }
    AgentCall call{.request = turn, .agents = {agent}};
    call.request.model = model;
    if (shares) {
      call.request.branches.push_back(branch_for(turn, range, agent));
    } else {
      fold_in(call.request, branch_for(turn, range, agent));
    }
    calls.push_back(std::move(call));
  }
  return calls;
}

}  // namespace melete::modes
