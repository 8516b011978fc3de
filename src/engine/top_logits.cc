#include "engine/top_logits.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace melete::engine {
namespace {

constexpr size_t kBlock = 64;
constexpr float kLargest = 1e30F;  // stays finite when divided by a small temperature
constexpr float kNothing = -std::numeric_limits<float>::infinity();

bool comes_first(const llama_token_data& left, const llama_token_data& right) {
  if (left.logit != right.logit) return left.logit > right.logit;
  return left.id < right.id;
}

// A loop without branches, so that it becomes vector instructions.
bool holds_more_than(const float* block, float threshold) {
  int more = 0;
  for (size_t i = 0; i < kBlock; ++i) more |= block[i] > threshold;
  return more != 0;
}

// The largest so far: a heap with the one to be replaced next in front.
class Largest {
 public:
  explicit Largest(size_t count) : count_(count) { heap_.reserve(count); }

  float threshold() const { return heap_.size() < count_ ? kNothing : heap_.front().logit; }

  void offer(llama_token token, float logit) {
    if (!(logit > threshold())) return;
    if (heap_.size() == count_) {
      std::ranges::pop_heap(heap_, comes_first);
      heap_.pop_back();
    }
    heap_.push_back({token, std::min(logit, kLargest), 0});
    std::ranges::push_heap(heap_, comes_first);
  }

  std::vector<llama_token_data> sorted() && {
    std::ranges::sort(heap_, comes_first);
    return std::move(heap_);
  }

 private:
  const size_t count_;
  std::vector<llama_token_data> heap_;
};

}  // namespace

std::vector<llama_token_data> top_logits(std::span<const float> logits, size_t count) {
  if (count == 0) return {};
  Largest largest(std::min(count, logits.size()));
  size_t at = 0;
  for (; at + kBlock <= logits.size(); at += kBlock) {
    if (!holds_more_than(&logits[at], largest.threshold())) continue;
    for (size_t i = at; i < at + kBlock; ++i) largest.offer(static_cast<llama_token>(i), logits[i]);
  }
  for (; at < logits.size(); ++at) largest.offer(static_cast<llama_token>(at), logits[at]);
  return std::move(largest).sorted();
}

std::vector<llama_token_data> all_logits(std::span<const float> logits) {
  std::vector<llama_token_data> all;
  all.reserve(logits.size());
  for (size_t i = 0; i < logits.size(); ++i) {
    if (logits[i] > kNothing)
      all.push_back({static_cast<llama_token>(i), std::min(logits[i], kLargest), 0});
  }
  return all;
}

double log_sum_exp(std::span<const float> logits) {
  const std::vector<llama_token_data> first = top_logits(logits, 1);
  if (first.empty()) return kNothing;
  const float largest = first.front().logit;
  double sum = 0;
  for (const float logit : logits) {
    if (logit > kNothing) sum += std::exp(std::min(logit, kLargest) - largest);
  }
  return largest + std::log(sum);
}

}  // namespace melete::engine
