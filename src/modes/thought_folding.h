// Thought folding: the reasoning of a turn leaves the memory with the turn.
//
// Later turns see an answer without its reasoning, so the cells of both are of no use to them: the
// engine drops them when the answer ends, and here it is made to read the answer alone while nobody
// waits. The other way, cutting the reasoning out of the middle and leaving a gap, keeps cells of
// an answer that still know the reasoning; then what a follow-up says would depend on whether its
// cells were still there. docs/benchmarks.md has the figures of both.

#pragma once

#include <memory>

#include "chat/backend.h"

namespace melete::modes {

// Passes `stream`, the answer to `turn`, on as it is. When it has ended, `thinking` reads ahead
// what a later turn begins with: `turn`, the answer without its reasoning, and a word of the user,
// since some templates refuse a prompt that ends with the assistant. Not where several answers were
// asked for, for nobody knows which one the conversation goes on with; nor where tools were called,
// for the answer goes on with its reasoning then. `thinking` outlives the stream.
std::unique_ptr<chat::Stream> fold_thoughts(std::unique_ptr<chat::Stream> stream,
                                            chat::Backend& thinking, chat::Request turn);

}  // namespace melete::modes
