#include "engine/reasoning_style.h"

#include <chat.h>

namespace melete::engine {
namespace {

bool contains(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

ReasoningStyle gpt_oss_style() {
  ReasoningStyle style;
  style.open = "<|channel|>analysis<|message|>";
  style.close = "<|end|>";
  style.opening = style.open;
  style.answer_lead = "<|start|>assistant<|channel|>final<|message|>";
  style.closing = style.close + style.answer_lead;
  style.soft_closing = "<|end|><|start|>assistant";
  style.skipping = "<|channel|>final<|message|>";
  style.channels = true;
  return style;
}

ReasoningStyle muse_style() {
  ReasoningStyle style;
  style.open = " to=self<|message|>";
  style.close = "<|eom|>";
  style.opening = style.open;
  style.answer_lead = "<|start|>assistant to=user<|message|>";
  style.closing = style.close + style.answer_lead;
  style.soft_closing = "<|eom|><|start|>assistant";
  style.skipping = " to=user<|message|>";
  style.channels = true;
  return style;
}

// Tags like XML stand on lines of their own, others (Gemma, Mistral) close up to the text.
ReasoningStyle tag_style(const std::string& open, const std::string& close) {
  ReasoningStyle style;
  style.open = open;
  style.close = close;
  const bool xml = close.starts_with("</");
  style.opening = open.starts_with("<") ? open + "\n" : open;
  style.closing = xml ? "\n" + close + "\n\n" : close;
  style.soft_closing = style.closing;
  style.skipping = style.opening + style.closing;
  return style;
}

}  // namespace

ReasoningStyle reasoning_style(const std::string& source, const common_chat_params& rendered) {
  if (contains(source, "<|channel|>")) return gpt_oss_style();
  if (contains(source, "<atem:function_calls>") && contains(source, "<|eom|>")) return muse_style();
  const bool tags = rendered.supports_thinking && !rendered.thinking_start_tag.empty() &&
                    !rendered.thinking_end_tags.empty();
  if (!tags) return {};
  return tag_style(rendered.thinking_start_tag, rendered.thinking_end_tags.front());
}

ReasoningStyle lent_style() {
  return tag_style("<think>", "</think>");
}

BlockState block_state(const std::string& generation_prompt, const ReasoningStyle& style) {
  if (!style.native()) return BlockState::None;
  const size_t open = generation_prompt.rfind(style.open);
  if (open == std::string::npos) return BlockState::None;
  const bool closed =
      generation_prompt.find(style.close, open + style.open.size()) != std::string::npos;
  return closed ? BlockState::Closed : BlockState::Open;
}

}  // namespace melete::engine
