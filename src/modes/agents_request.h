// The requests that agents share: one prompt, a branch, a seed and perhaps a hint for each of them.

#pragma once

#include <vector>

#include "chat/backend.h"
#include "modes/answer_extraction.h"

namespace melete::modes {

// The turn as agents see it, without branches: a single branch of `request` is folded in, and a
// question of kind Number or Letter gets a line on how to end, unless it says so itself: being told
// twice makes chains longer. The line stands at the end, so that turns of another kind share what
// is before.
chat::Request agents_turn(chat::Request request, AnswerKind kind);

// Agents `first` to `first + count - 1`, counted from 0 over all waves of a round.
struct AgentRange {
  int first = 0;
  int count = 0;      // at least 1
  uint32_t seed = 0;  // of agent 0; the others' are counted on from it
};

// One request and the agents that it is for: agents[i] is its choice i.
struct AgentCall {
  chat::Request request;
  std::vector<int> agents;
};

// The requests that start `range`. Agents are spread over Request::models in turn; those of one
// model share a request where its backend answers branches side by side, else each has its own.
// They have a temperature of at least 0.6. A hint follows the shared prompt, so that the prompt is
// read once.
std::vector<AgentCall> agent_calls(const chat::Request& turn, const chat::Backend& backend,
                                   const AgentRange& range);

}  // namespace melete::modes
