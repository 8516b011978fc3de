// How a model's family marks its reasoning: what to look for, and what to write in order to open a
// block, to close it, or to answer without one.

#pragma once

#include <string>

struct common_chat_params;

namespace melete::engine {

struct ReasoningStyle {
  std::string open;          // begins a block; empty: the model has no reasoning of its own
  std::string close;         // ends it
  std::string opening;       // written to open a block, e.g. "<think>\n"
  std::string closing;       // written to close it and begin the answer, e.g. "\n</think>\n\n"
  std::string soft_closing;  // closes it and leaves open whether an answer or a tool call follows
  std::string skipping;      // written to answer without reasoning
  std::string answer_lead;   // what the model writes between `close` and the answer's text
  bool channels = false;  // every message has a header with its recipient (gpt-oss, Muse Glimmer)

  bool native() const { return !open.empty(); }
};

// The style of a template, from its source and from what llama.cpp found out about it.
ReasoningStyle reasoning_style(const std::string& source, const common_chat_params& rendered);

// The style lent to a model that has none: the tags "<think>" and "</think>".
ReasoningStyle lent_style();

enum class BlockState { None, Open, Closed };

// What the end of a prompt says about the block of the answer that follows.
BlockState block_state(const std::string& generation_prompt, const ReasoningStyle& style);

}  // namespace melete::engine
