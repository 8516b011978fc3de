#include "engine/top_logits.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/quick_exp.h"

namespace melete::engine {
namespace {

constexpr size_t kBlock = 64;
constexpr float kLargest = 1e30F;      // stays finite when divided by a small temperature
constexpr size_t kFirstNucleus = 256;  // holds nearly every nucleus of a model that knows its way
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

// The sum of exponentials relative to the largest, in lanes that do not wait for each other.
double total_over(std::span<const float> logits, float largest) {
  std::array<float, 16> lanes{};
  size_t at = 0;
  for (; at + lanes.size() <= logits.size(); at += lanes.size()) {
    for (size_t i = 0; i < lanes.size(); ++i)
      lanes[i] += quick_exp(std::min(logits[at + i], kLargest) - largest);
  }
  double total = std::accumulate(lanes.begin(), lanes.end(), 0.0);
  for (; at < logits.size(); ++at) total += quick_exp(std::min(logits[at], kLargest) - largest);
  return total;
}

// Cuts where the candidates reach `enough`; whether they do.
bool cut_at(std::vector<llama_token_data>& candidates, double enough) {
  double sum = 0;
  for (size_t i = 0; i < candidates.size(); ++i) {
    sum += std::exp(candidates[i].logit - candidates.front().logit);
    if (sum < enough) continue;
    candidates.resize(i + 1);
    return true;
  }
  return false;
}

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

std::vector<llama_token_data> nucleus(std::span<const float> logits, double part, double floor) {
  std::vector<llama_token_data> candidates = top_logits(logits, kFirstNucleus);
  if (candidates.empty()) return candidates;
  const double enough = part * total_over(logits, candidates.front().logit);
  const double smallest = std::exp(candidates.back().logit - candidates.front().logit);
  if (cut_at(candidates, enough) || smallest < floor) return candidates;
  candidates = all_logits(logits);
  std::ranges::sort(candidates, comes_first);
  cut_at(candidates, enough);
  return candidates;
}

void cut_to_nucleus(std::vector<llama_token_data>& candidates, double part) {
  double total = 0;
  for (const llama_token_data& candidate : candidates) {
    total += std::exp(candidate.logit - candidates.front().logit);
  }
  cut_at(candidates, part * total);
}

double log_sum_exp(std::span<const float> logits) {
  const std::vector<llama_token_data> first = top_logits(logits, 1);
  if (first.empty()) return kNothing;
  const float largest = first.front().logit;
  return largest + std::log(total_over(logits, largest));
}

}  // namespace melete::engine
