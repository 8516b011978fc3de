// Finds the largest of many logits in one pass: a block is only looked into when something in it
// beats the smallest of the largest so far, which a processor tells for sixteen numbers at a time.

#pragma once

#include <llama.h>

#include <cstddef>
#include <span>
#include <vector>

namespace melete::engine {

// The `count` tokens with the largest logits, largest first, ties in order of their ids. NaN and
// minus infinity are left out, plus infinity becomes a large number, so fewer may come back.
std::vector<llama_token_data> top_logits(std::span<const float> logits, size_t count);

// The same for all of them, in order of their ids.
std::vector<llama_token_data> all_logits(std::span<const float> logits);

// The fewest of the largest logits whose probabilities add up to `part` (0 to 1) of all, at least
// one, largest first. Those whose probability is below `floor` times the largest one may be left
// out, so that the whole vocabulary is sorted only where the distribution is flat.
std::vector<llama_token_data> nucleus(std::span<const float> logits, double part, double floor);

// Cuts candidates, largest first, to the nucleus among themselves.
void cut_to_nucleus(std::vector<llama_token_data>& candidates, double part);

// The logarithm of the sum of exponentials: subtract it from a logit for a log-probability. NaN and
// infinities count as nothing.
double log_sum_exp(std::span<const float> logits);

}  // namespace melete::engine
