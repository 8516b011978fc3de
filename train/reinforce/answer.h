// An answer as its reader gets it: without its reasoning, which is counted.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "reinforce/language.h"

namespace melete::train {

struct Answer {
  std::string text;             // what follows the reasoning
  int64_t tokens = 0;           // all that were written, the end of the turn included
  int64_t thinking_tokens = 0;  // of those, the reasoning with its tags
  bool complete = false;        // it ended by itself, and its reasoning too
};

// What opens reasoning, and ends it.
inline constexpr std::string_view kThinkingStart = "<think>";
inline constexpr std::string_view kThinkingEnd = "</think>";

// `tokens` are what a model wrote; `ended` says that the last is the end of its turn. Reasoning
// that does not end is all there is: such an answer has no text.
Answer read_answer(const Language& language, std::span<const int32_t> tokens, bool ended);

}  // namespace melete::train
