// The end of a prompt: what is written after the template's own text, so that the model reasons,
// does not reason, or continues an answer that was begun for it.

#pragma once

#include <string>

#include "engine/reasoning_style.h"

namespace melete::engine {

// The beginning of an answer, taken apart.
struct Prefill {
  bool opens_reasoning = false;
  bool closes_reasoning = false;
  std::string reasoning;
  std::string answer;
};

// Understands the model's own tags as well as "<think>".
Prefill read_prefill(const std::string& text, const ReasoningStyle& style);

struct PromptWish {
  Prefill prefill;
  bool reason = true;  // a block is wanted, or at least allowed
  bool open_at_once =
      false;             // the block must not be left to the model: a grammar waits for its end
  bool may_skip = true;  // an empty block may be written for a model that cannot be told otherwise
};

struct PromptEnding {
  std::string text;  // to be appended to the prompt
  bool begins_in_reasoning = false;
  bool continues_reasoning = false;  // inside a block that has text already
  std::string answer;                // the part of `text` that belongs to the answer
};

// `state` is how the template left the block; `style` the model's own, or lent_style() where a
// prefill opens a block on a model that has none.
PromptEnding prompt_ending(BlockState state, const ReasoningStyle& style, const PromptWish& wish);

}  // namespace melete::engine
