// One token out of a whole vocabulary, each as likely as the model finds it: what training on a
// model's own answers needs, without the cuts of sampling for people (sampler.h).

#pragma once

#include <cstdint>
#include <span>

namespace melete::engine {

struct FullDraw {
  int32_t token = 0;
  float log_probability = 0;  // of the token
  double entropy = 0;         // of the choice, in nats
};

// The token at `point`, 0 to below 1, of the sum of probabilities in the order of the vocabulary;
// the likeliest where `point` is below 0. Logits that are not finite make an entropy that is none.
// O(vocabulary).
FullDraw draw_full(std::span<const float> logits, double point);

}  // namespace melete::engine
