#include "engine/prompt_ending.h"

#include <algorithm>

namespace melete::engine {
namespace {

constexpr std::string_view kSpace = " \t\r\n";

std::string without_leading_space(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  return std::string(text);
}

PromptEnding continued_reasoning(BlockState state, const ReasoningStyle& style,
                                 const Prefill& prefill) {
  PromptEnding ending;
  if (state != BlockState::Open) ending.text = style.opening;
  ending.text += prefill.reasoning;
  ending.begins_in_reasoning = !prefill.closes_reasoning;
  ending.continues_reasoning = ending.begins_in_reasoning && !prefill.reasoning.empty();
  if (prefill.closes_reasoning) {
    ending.text += style.closing + prefill.answer;
    ending.answer = prefill.answer;
  }
  return ending;
}

PromptEnding continued_answer(BlockState state, const ReasoningStyle& style,
                              const Prefill& prefill) {
  PromptEnding ending;
  if (state == BlockState::Open) ending.text = style.closing;
  if (state == BlockState::None) ending.text = style.skipping;
  ending.text += prefill.answer;
  ending.answer = prefill.answer;
  return ending;
}

}  // namespace

Prefill read_prefill(const std::string& text, const ReasoningStyle& style) {
  const std::string trimmed = without_leading_space(text);
  ReasoningStyle tags = lent_style();
  if (style.native() && trimmed.starts_with(style.open)) tags = style;
  Prefill prefill;
  if (!trimmed.starts_with(tags.open)) {
    prefill.answer = text;
    return prefill;
  }
  prefill.opens_reasoning = true;
  const std::string body =
      without_leading_space(std::string_view(trimmed).substr(tags.open.size()));
  const size_t close = body.find(tags.close);
  prefill.closes_reasoning = close != std::string::npos;
  prefill.reasoning = body.substr(0, close);
  if (prefill.closes_reasoning) {
    const size_t last = prefill.reasoning.find_last_not_of(kSpace);
    prefill.reasoning.erase(last == std::string::npos ? 0 : last + 1);
    prefill.answer =
        without_leading_space(std::string_view(body).substr(close + tags.close.size()));
  }
  return prefill;
}

PromptEnding prompt_ending(BlockState state, const ReasoningStyle& style, const PromptWish& wish) {
  if (wish.prefill.opens_reasoning) return continued_reasoning(state, style, wish.prefill);
  if (!wish.prefill.answer.empty()) return continued_answer(state, style, wish.prefill);
  PromptEnding ending;
  if (!wish.reason) {
    if (state == BlockState::Open) ending.text = style.closing;
    if (state == BlockState::None && wish.may_skip) ending.text = style.skipping;
    return ending;
  }
  if (wish.open_at_once && state == BlockState::None) ending.text = style.opening;
  ending.begins_in_reasoning =
      state == BlockState::Open || (wish.open_at_once && !ending.text.empty());
  return ending;
}

}  // namespace melete::engine
