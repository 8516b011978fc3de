// Requests that make a model think: the instruction, the forced opening of the reasoning block, and
// the second ask that draws an answer out of reasoning that was cut.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chat/backend.h"

namespace melete::modes {

// What opens a block of reasoning where it is prefilled.
constexpr std::string_view kThinkOpening = "<think>\n";

// Adds a line to the system message, which is made where there is none.
void add_instruction(chat::Request& request, std::string_view instruction);

// `request` prepared to reason for at most `budget` tokens. Native models get the budget only.
// Others get an instruction and, where the backend continues a prefill, the prefill kThinkOpening:
// from there on the backend tells ReasoningDelta until "</think>". A budget of 0 asks for an answer
// at once.
chat::Request thinking_request(chat::Request request, const chat::BackendInfo& info, int budget);

// A choice whose reasoning was cut before it answered.
struct CutChoice {
  int choice = 0;
  std::string reasoning;
};

// Asks again, without reasoning, for the choices in `cut` (at least one): choice i of the new
// request is cut[i]. `request` is the one that thinking_request() made. A single choice is
// continued by prefill where the backend can; else the reasoning so far is shown to the model as
// context.
chat::Request answer_request(const chat::Request& request, const chat::BackendInfo& info,
                             const std::vector<CutChoice>& cut);

}  // namespace melete::modes
