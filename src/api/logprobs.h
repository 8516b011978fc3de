// Log-probabilities of tokens as OpenAI's dialects write them.

#pragma once

#include <vector>

#include "base/json.h"
#include "chat/event.h"

namespace melete::api {

// For each token its text, bytes and log-probability, and its rivals under `top_logprobs`.
Json logprobs_array(const std::vector<chat::TokenLogprob>& logprobs);

}  // namespace melete::api
