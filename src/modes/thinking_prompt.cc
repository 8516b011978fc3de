#include "modes/thinking_prompt.h"

#include <utility>

namespace melete::modes {

namespace {

constexpr std::string_view kThink =
    "First think step by step inside <think></think>: work the problem out and check the result. "
    "Then, "
    "after </think>, give the answer plainly.";
constexpr std::string_view kAnswerNow =
    "Stop reasoning. Using the reasoning so far, write the final answer now.";

chat::Branch branch_of(const chat::Request& request, int choice) {
  const auto index = static_cast<size_t>(choice);
  return index < request.branches.size() ? request.branches[index] : chat::Branch{};
}

// The branch, followed by the reasoning so far and the demand to answer. Roles keep alternating,
// which some templates insist on.
chat::Branch second_ask(chat::Branch branch, const std::string& reasoning) {
  if (reasoning.empty()) return branch;
  branch.suffix.push_back(
      chat::text_message(chat::Role::Assistant, "My reasoning so far:\n" + reasoning));
  branch.suffix.push_back(chat::text_message(chat::Role::User, std::string(kAnswerNow)));
  return branch;
}

}  // namespace

void add_instruction(chat::Request& request, std::string_view instruction) {
  std::vector<chat::Message>& messages = request.messages;
  const bool has_system = !messages.empty() && (messages.front().role == chat::Role::System ||
                                                messages.front().role == chat::Role::Developer);
  if (!has_system) {
    messages.insert(messages.begin(),
                    chat::text_message(chat::Role::System, std::string(instruction)));
    return;
  }
  messages.front().parts.emplace_back(chat::TextPart{"\n\n" + std::string(instruction)});
}

chat::Request thinking_request(chat::Request request, const chat::BackendInfo& info, int budget) {
  request.limits.reasoning_tokens = budget;
  if (budget == 0 || info.native_reasoning) return request;
  add_instruction(request, kThink);
  if (info.can_prefill && request.prefill.empty()) request.prefill = kThinkOpening;
  return request;
}

chat::Request answer_request(const chat::Request& request, const chat::BackendInfo& info,
                             const std::vector<CutChoice>& cut) {
  chat::Request ask = request;
  ask.limits.reasoning_tokens = 0;
  ask.limits.total_tokens.reset();  // much of it is spent
  ask.effort = chat::Effort::None;
  ask.branches.clear();
  if (info.can_prefill && cut.size() == 1) {
    ask.branches.push_back(branch_of(request, cut.front().choice));
    const bool opened = request.prefill.starts_with(kThinkOpening);
    ask.prefill = opened ? request.prefill : std::string(kThinkOpening);
    ask.prefill += cut.front().reasoning + "\n</think>\n\n";
    return ask;
  }
  ask.prefill.clear();
  for (const CutChoice& choice : cut) {
    ask.branches.push_back(second_ask(branch_of(request, choice.choice), choice.reasoning));
  }
  return ask;
}

}  // namespace melete::modes
