// Chooses the next token of one choice.
//
// The largest top_k logits, and of them those of top_p, are found without sorting the vocabulary;
// llama.cpp's own samplers (min_p, temperature, distribution) then work on those few, in its order
// and with its random numbers, so the same seed gives the same token as its full chain. A grammar
// is asked last: only when it refuses the token is the choice made again among what it allows.

#pragma once

#include <llama.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "chat/event.h"
#include "chat/request.h"
#include "engine/answer_format.h"
#include "engine/grammar_gate.h"

namespace melete::engine {

// One sampler belongs to one choice. Samplers share nothing but the constant vocabulary, so several
// may sample at once, also from the same row of logits.
class Sampler {
 public:
  // What `sampling` leaves open comes from the model's own metadata, else temperature 0.8, top_k
  // 40, top_p 0.95, min_p 0.05. `model` may be null in tests: then there is no metadata and no
  // grammar.
  Sampler(const llama_model* model, const chat::Sampling& sampling, const AnswerFormat& format,
          uint32_t seed);

  // The next token from a row of `vocabulary` logits, which stays as it is. NaN is never chosen;
  // where no logit is finite the first token is. For 152,000 logits some 20 microseconds at
  // temperature 0, 60 with top_k 40, two thousand with top_k 0 (over ten thousand where min_p is 0
  // and the distribution flat); penalties and biases add a copy of the row, log-probabilities a
  // pass of exponentials.
  llama_token sample(const float* logits, int vocabulary);

  // Takes the token into account: penalties, grammar. Call it for each token, sampled or forced.
  void accept(llama_token token);

  // The log-probability of the token that sample() gave last, from the unchanged logits; nothing
  // unless Sampling::top_logprobs is set.
  const std::optional<chat::TokenLogprob>& logprob() const { return logprob_; }

 private:
  struct Free {
    void operator()(llama_sampler* sampler) const { llama_sampler_free(sampler); }
  };

  enum class Order { None, LargestFirst };

  std::span<const float> adjusted(std::span<const float> logits);
  llama_token draw(std::vector<llama_token_data> candidates, Order order);
  llama_token draw_from(std::vector<llama_token_data> sorted);
  llama_token draw(std::span<const float> logits);
  llama_token draw_fitting(std::span<const float> logits);
  chat::TokenLogprob logprob_of(llama_token token, std::span<const float> logits) const;

  const llama_vocab* vocab_ = nullptr;
  double temperature_;
  int top_k_;
  double top_p_;
  double min_p_;
  float presence_penalty_;
  float frequency_penalty_;
  float repeat_penalty_;
  std::optional<int> top_logprobs_;
  std::unordered_map<llama_token, float> biases_;
  std::unordered_map<llama_token, int>
      counts_;  // of the answer's tokens; kept when there are penalties
  std::unique_ptr<llama_sampler, Free> chain_;
  GrammarGate grammar_;
  std::vector<float> row_;  // the logits with penalties and biases
  std::optional<chat::TokenLogprob> logprob_;
};

}  // namespace melete::engine
