#include "engine/full_draw.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "engine/quick_exp.h"

namespace melete::engine {

namespace {

constexpr size_t kBlock = 256;  // tokens whose sum is kept, so that few are added up twice

struct Sums {
  double chances = 0;   // of all, the likeliest's being 1
  double weighted = 0;  // of each times its logit below the likeliest's
};

// In lanes that do not wait for each other.
Sums sums_of(std::span<const float> logits, float largest) {
  constexpr size_t kLanes = 16;
  std::array<float, kLanes> chances{};
  std::array<float, kLanes> weighted{};
  size_t at = 0;
  for (; at + kLanes <= logits.size(); at += kLanes) {
    for (size_t i = 0; i < kLanes; ++i) {
      const float below = logits[at + i] - largest;
      const float chance = quick_exp(below);
      chances[i] += chance;
      weighted[i] += chance * std::max(below, -60.0F);
    }
  }
  Sums sums{std::accumulate(chances.begin(), chances.end(), 0.0),
            std::accumulate(weighted.begin(), weighted.end(), 0.0)};
  for (; at < logits.size(); ++at) {
    const float below = logits[at] - largest;
    const float chance = quick_exp(below);
    sums.chances += chance;
    sums.weighted += chance * std::max(below, -60.0F);
  }
  return sums;
}

// The first token at which the running sum passes `wanted`.
size_t token_at(std::span<const float> logits, float largest, double wanted) {
  size_t first = 0;
  for (; first + kBlock <= logits.size(); first += kBlock) {
    const double block = sums_of(logits.subspan(first, kBlock), largest).chances;
    if (wanted < block) break;
    wanted -= block;
  }
  for (size_t token = first; token < logits.size(); ++token) {
    wanted -= quick_exp(logits[token] - largest);
    if (wanted < 0) return token;
  }
  // Rounding left the sum a little below one.
  return static_cast<size_t>(std::ranges::max_element(logits) - logits.begin());
}

}  // namespace

FullDraw draw_full(std::span<const float> logits, double point) {
  const auto likeliest = std::ranges::max_element(logits);
  const float largest = *likeliest;
  const Sums sums = sums_of(logits, largest);
  const size_t token = point < 0 ? static_cast<size_t>(likeliest - logits.begin())
                                 : token_at(logits, largest, point * sums.chances);
  const double log_total = std::log(sums.chances);
  return {.token = static_cast<int32_t>(token),
          .log_probability = static_cast<float>(logits[token] - largest - log_total),
          .entropy = log_total - sums.weighted / sums.chances};
}

}  // namespace melete::engine
