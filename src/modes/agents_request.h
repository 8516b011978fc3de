// The request that agents share: one prompt, a branch and a seed for each of them.

#pragma once

#include "chat/request.h"
#include "modes/answer_extraction.h"

namespace melete::modes {

// The turn as agents see it, without branches: a single branch of `request` is folded in, and a
// question of kind Number or Letter gets a line on how to end.
chat::Request agents_turn(chat::Request request, AnswerKind kind);

// `turn` with `agents` branches that have seeds from `seed` on and a temperature of at least 0.6.
chat::Request agents_request(chat::Request turn, int agents, uint32_t seed);

}  // namespace melete::modes
