// Tokens with a meaning of their own: those that end a turn, and those whose text the reader must
// see.

#pragma once

#include <llama.h>

#include <vector>

#include "engine/answer_format.h"

namespace melete::engine {

// The tokens that end the model's turn, sorted: the vocabulary's own list but for Muse's "<|eom|>",
// which ends one message of several. O(vocabulary).
std::vector<llama_token> end_tokens(const llama_vocab* vocab);

// The special tokens named by AnswerFormat::visible, sorted. All others have no text for the
// reader.
std::vector<llama_token> visible_tokens(const llama_vocab* vocab, const AnswerFormat& format);

}  // namespace melete::engine
