// Folding of steps: a chain of reasoning that is longer than the memory it may take.
//
// Each time the reasoning has grown by Request::fold_tokens and comes to the end of a line, the
// model condenses this step to a note of one line. The chain then goes on from the question and the
// notes; the cells of the step are free. So the memory stays at the question, the notes and one
// step, for the price of writing the notes and of reading each step once more. The idea is that of
// InftyThink (arXiv:2503.06692), here without training.

#pragma once

#include <memory>

#include "chat/backend.h"
#include "chat/timer.h"

namespace melete::modes {

// Answers `request`, whose fold_tokens are above 0, by calls to `thinking`, a backend that reasons
// in a prefilled block; both it and `timer` outlive the stream. `budget`: most tokens of reasoning,
// notes included. Reasoning is told as it comes, notes too. Controls and the deadline hold for the
// whole chain. Where a note stays empty, the step's last line takes its place.
//
// Fails with Unsupported where the request asks for several answers or for one that goes on from a
// text of the caller's, and where the model's server cannot go on from a text.
std::unique_ptr<chat::Stream> fold_steps(chat::Backend& thinking, chat::Request request,
                                         const chat::BackendInfo& info, int budget,
                                         chat::Timer& timer);

}  // namespace melete::modes
