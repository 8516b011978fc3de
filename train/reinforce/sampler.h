// Answers that the model writes token by token. They come by the path of training itself, with a
// cache beside it, so that what the sampler takes for a token's probability is what training says
// of it: two paths that differ a little are why such training fails elsewhere.

#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "base/error.h"
#include "data/sequence.h"
#include "model/model.h"

namespace melete::train {

struct Prompt {
  Sequence sequence;  // a question, and what opens the answer
  uint64_t seed = 0;  // decides its answers, whatever is asked beside it
};

enum class Choice {
  Sampled,    // each token as likely as the model finds it
  Likeliest,  // the likeliest each time
};

struct SamplerOptions {
  int32_t end = -1;           // the token that ends a turn; -1: none does
  int64_t most_tokens = 256;  // of an answer, its end included; one that is longer is cut off
  Choice choice = Choice::Sampled;
  int64_t rows = 256;  // answers that are written side by side, at most
};

struct Rollout {
  std::vector<int32_t> tokens;           // with the end of the turn, where it ended
  std::vector<float> log_probabilities;  // of these tokens
  double entropy = 0;                    // mean over the choices of its tokens, in nats
  bool ended = false;                    // false: cut off
};

// Something else that writes such answers, in the model's place and with its weights.
class RolloutSource {
 public:
  virtual ~RolloutSource() = default;

  // As Sampler::answers(), but for rounding.
  virtual Result<std::vector<Rollout>> answers(std::span<const Prompt> prompts, int64_t copies,
                                               const SamplerOptions& options) = 0;
};

// Not thread-safe.
class Sampler {
 public:
  // `model` must outlive it; `type` is that of activations.
  Sampler(const Model& model, torch::ScalarType type, SamplerOptions options);

  // `copies` answers to each prompt, those of one prompt next to each other. A prompt is read once,
  // an answer costs a place for each token. Numbers that are not finite end up in the entropies.
  std::vector<Rollout> answers(std::span<const Prompt> prompts, int64_t copies) const;

 private:
  struct Writing;

  std::vector<Rollout> answers_together(std::span<const Prompt> prompts, int64_t copies) const;
  Writing begin(std::span<const Prompt> prompts, int64_t copies) const;
  void add_tokens(Writing& writing, std::vector<Rollout>& rollouts) const;

  const Model& model_;
  torch::ScalarType type_;
  SamplerOptions options_;
};

}  // namespace melete::train
