// The policy's gradient: answers that were better than their group become likelier, worse ones
// rarer.

#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "data/sequence.h"
#include "model/model.h"

namespace melete::train {

// An answer to learn from.
struct PolicySample {
  Sequence sequence;                     // the question, and the answer's tokens as what is taught
  std::vector<float> log_probabilities;  // of the answer's tokens, as the sampler saw them
  double advantage = 0;
};

// `tokens` written in answer to `prompt`.
PolicySample policy_sample(const Sequence& prompt, std::span<const int32_t> tokens,
                           std::vector<float> log_probabilities, double advantage);

struct PolicyPass {
  double loss = 0;
  double gap = 0;  // mean difference of the sampler's log-probabilities from those of training
};

// Adds to the gradients of the weights that of
//
//   - sum over samples and their tokens of advantage * weight * log-probability / normaliser.
//
// The weight is the probability in training over that at writing, at most 2: 1 where both are one
// path, and what makes up for rounding where an engine wrote (truncated importance sampling,
// Ionides 2008).
//
// With a normaliser that is the same in every step, a token counts the same in a short answer and
// in a long one (arXiv:2503.20783). The samples are of the weights as they are. At least one
// sample; `type` is that of activations.
PolicyPass add_policy_gradient(const Model& model, std::span<const PolicySample> samples,
                               double normaliser, torch::ScalarType type);

}  // namespace melete::train
