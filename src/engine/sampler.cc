#include "engine/sampler.h"

#include <common.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

#include "engine/top_logits.h"

namespace melete::engine {
namespace {

constexpr double kTemperature = 0.8;
constexpr int kTopK = 40;
constexpr double kTopP = 0.95;
constexpr double kMinP = 0.05;
constexpr double kGreedyBelow = 1e-3;   // temperatures that would overflow mean the largest logit
constexpr size_t kFirstFitting = 1024;  // candidates that the grammar sees before it sees all

// A number of the model's sampling metadata, or `otherwise`.
double model_number(const llama_model* model, llama_model_meta_key key, double otherwise) {
  if (model == nullptr) return otherwise;
  std::array<char, 64> text{};
  const int length =
      llama_model_meta_val_str(model, llama_model_meta_key_str(key), text.data(), text.size());
  if (length <= 0) return otherwise;
  char* end = nullptr;
  const double number = std::strtod(text.data(), &end);
  return end == text.data() ? otherwise : number;
}

std::unordered_map<llama_token, float> all_biases(const llama_vocab* vocab,
                                                  const std::map<int, double>& wanted) {
  std::unordered_map<llama_token, float> biases;
  for (const auto& [token, bias] : wanted) biases[token] = static_cast<float>(bias);
  if (vocab == nullptr) return biases;
  int32_t count = 0;
  const llama_token* suppressed = llama_vocab_get_suppress_tokens(vocab, &count);
  for (int32_t i = 0; i < count; ++i)
    biases[suppressed[i]] = -std::numeric_limits<float>::infinity();
  return biases;
}

}  // namespace

Sampler::Sampler(const llama_model* model, const chat::Sampling& sampling,
                 const AnswerFormat& format, uint32_t seed)
    : vocab_(model == nullptr ? nullptr : llama_model_get_vocab(model)),
      temperature_(sampling.temperature.value_or(
          model_number(model, LLAMA_MODEL_META_KEY_SAMPLING_TEMP, kTemperature))),
      top_k_(sampling.top_k.value_or(
          static_cast<int>(model_number(model, LLAMA_MODEL_META_KEY_SAMPLING_TOP_K, kTopK)))),
      top_p_(
          sampling.top_p.value_or(model_number(model, LLAMA_MODEL_META_KEY_SAMPLING_TOP_P, kTopP))),
      min_p_(
          sampling.min_p.value_or(model_number(model, LLAMA_MODEL_META_KEY_SAMPLING_MIN_P, kMinP))),
      presence_penalty_(static_cast<float>(sampling.presence_penalty)),
      frequency_penalty_(static_cast<float>(sampling.frequency_penalty)),
      repeat_penalty_(static_cast<float>(sampling.repeat_penalty)),
      top_logprobs_(sampling.top_logprobs),
      biases_(all_biases(vocab_, sampling.logit_bias)),
      chain_(llama_sampler_chain_init({.no_perf = true})),
      grammar_(vocab_, format) {
  llama_sampler_chain_add(chain_.get(), llama_sampler_init_min_p(static_cast<float>(min_p_), 1));
  llama_sampler_chain_add(chain_.get(), llama_sampler_init_temp(static_cast<float>(temperature_)));
  llama_sampler_chain_add(chain_.get(), llama_sampler_init_dist(seed));
}

llama_token Sampler::sample(const float* logits, int vocabulary) {
  const std::span<const float> raw(logits, static_cast<size_t>(vocabulary));
  const std::span<const float> row = adjusted(raw);
  llama_token token = draw(row);
  if (grammar_.binds() && !grammar_.allows(token)) token = draw_fitting(row);
  if (top_logprobs_) logprob_ = logprob_of(token, raw);
  return token;
}

void Sampler::accept(llama_token token) {
  const bool penalizes = presence_penalty_ != 0 || frequency_penalty_ != 0 || repeat_penalty_ != 1;
  if (penalizes) ++counts_[token];
  grammar_.accept(token);
}

// The rows of siblings that were just forked are one and the same, so a changed row is a copy.
std::span<const float> Sampler::adjusted(std::span<const float> logits) {
  if (biases_.empty() && counts_.empty()) return logits;
  row_.assign(logits.begin(), logits.end());
  const auto known = [this](llama_token token) {
    return token >= 0 && static_cast<size_t>(token) < row_.size();
  };
  for (const auto& [token, bias] : biases_) {
    if (known(token)) row_[token] += bias;
  }
  for (const auto& [token, count] : counts_) {
    if (!known(token)) continue;
    float& logit = row_[token];
    logit = logit <= 0 ? logit * repeat_penalty_ : logit / repeat_penalty_;
    logit -= static_cast<float>(count) * frequency_penalty_ + presence_penalty_;
  }
  return row_;
}

llama_token Sampler::draw(std::span<const float> logits) {
  if (temperature_ < kGreedyBelow) return draw(top_logits(logits, 1), Order::LargestFirst);
  if (top_k_ > 0) return draw_from(top_logits(logits, static_cast<size_t>(top_k_)));
  if (top_p_ < 1) return draw(nucleus(logits, top_p_, min_p_), Order::LargestFirst);
  return draw(all_logits(logits), Order::None);
}

llama_token Sampler::draw_from(std::vector<llama_token_data> sorted) {
  if (top_p_ < 1) cut_to_nucleus(sorted, top_p_);
  return draw(std::move(sorted), Order::LargestFirst);
}

llama_token Sampler::draw(std::vector<llama_token_data> candidates, Order order) {
  if (candidates.empty()) return 0;
  if (temperature_ < kGreedyBelow) return candidates.front().id;
  llama_token_data_array array{candidates.data(), candidates.size(), -1,
                               order == Order::LargestFirst};
  llama_sampler_apply(chain_.get(), &array);
  return array.selected < 0 ? candidates.front().id : array.data[array.selected].id;
}

// The most likely tokens nearly always hold one that fits, and asking the grammar about a whole
// vocabulary takes milliseconds.
llama_token Sampler::draw_fitting(std::span<const float> logits) {
  for (const size_t count : {kFirstFitting, logits.size()}) {
    std::vector<llama_token_data> candidates = top_logits(logits, count);
    llama_token_data_array array{candidates.data(), candidates.size(), -1, true};
    grammar_.apply(array);
    std::erase_if(candidates, [](const llama_token_data& one) { return std::isinf(one.logit); });
    if (candidates.empty()) continue;
    const size_t most = temperature_ < kGreedyBelow ? 1 : static_cast<size_t>(top_k_);
    if (most > 0 && candidates.size() > most) candidates.resize(most);
    return draw_from(std::move(candidates));
  }
  return vocab_ == nullptr ? 0 : std::max(0, llama_vocab_eos(vocab_));
}

chat::TokenLogprob Sampler::logprob_of(llama_token token, std::span<const float> logits) const {
  const auto text = [this](llama_token id) {
    return vocab_ == nullptr ? std::to_string(id) : common_token_to_piece(vocab_, id, true);
  };
  const double total = log_sum_exp(logits);
  chat::TokenLogprob logprob{text(token), logits[static_cast<size_t>(token)] - total, {}};
  for (const llama_token_data& rival : top_logits(logits, static_cast<size_t>(*top_logprobs_))) {
    logprob.top.emplace_back(text(rival.id), rival.logit - total);
  }
  return logprob;
}

}  // namespace melete::engine
