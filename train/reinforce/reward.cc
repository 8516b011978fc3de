#include "reinforce/reward.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace melete::train {

namespace {

double share_of_budget(const Outcome& outcome, const Price& price) {
  return price.weight * static_cast<double>(outcome.tokens) / static_cast<double>(price.budget);
}

// reward(outcome) of each.
template <typename Reward>
std::vector<double> for_each(std::span<const Outcome> group, const Reward& reward) {
  std::vector<double> rewards;
  rewards.reserve(group.size());
  for (const Outcome& outcome : group) rewards.push_back(reward(outcome));
  return rewards;
}

}  // namespace

double solve_rate(std::span<const Outcome> group) {
  return static_cast<double>(std::ranges::count_if(group, &Outcome::right)) /
         static_cast<double>(group.size());
}

std::vector<double> priced_rewards(std::span<const Outcome> group, const Price& price) {
  const double solved = solve_rate(group);
  return for_each(group, [&](const Outcome& outcome) {
    return outcome.right ? 1 - solved * share_of_budget(outcome, price) : 0;
  });
}

std::vector<double> summed_rewards(std::span<const Outcome> group, const Price& price) {
  return for_each(group, [&](const Outcome& outcome) {
    return (outcome.right ? 1 : 0) - share_of_budget(outcome, price);
  });
}

std::vector<double> limited_rewards(std::span<const Outcome> group, int64_t limit) {
  return for_each(group, [&](const Outcome& outcome) {
    return outcome.right && outcome.tokens <= limit ? 1.0 : 0.0;
  });
}

std::optional<int64_t> usual_length(std::span<const Outcome> group, double share) {
  std::vector<int64_t> lengths;
  for (const Outcome& outcome : group) {
    if (outcome.right) lengths.push_back(outcome.tokens);
  }
  if (lengths.empty()) return std::nullopt;
  std::ranges::sort(lengths);
  const auto within = static_cast<size_t>(std::ceil(share * static_cast<double>(lengths.size())));
  return lengths[std::clamp<size_t>(within, 1, lengths.size()) - 1];
}

std::vector<double> advantages_of(std::span<const double> rewards) {
  constexpr double kAlike = 1e-9;
  const auto [least, most] = std::ranges::minmax_element(rewards);
  if (*most - *least < kAlike) return {};
  const double mean =
      std::accumulate(rewards.begin(), rewards.end(), 0.0) / static_cast<double>(rewards.size());
  std::vector<double> advantages;
  advantages.reserve(rewards.size());
  for (const double reward : rewards) advantages.push_back(reward - mean);
  return advantages;
}

std::vector<double> shortest_alone(std::span<const Outcome> group) {
  const Outcome* shortest = nullptr;
  for (const Outcome& outcome : group) {
    const bool better = outcome.right && (shortest == nullptr || outcome.tokens < shortest->tokens);
    if (better) shortest = &outcome;
  }
  if (shortest == nullptr) return {};
  std::vector<double> chosen(group.size());
  chosen[shortest - group.data()] = 1;
  return chosen;
}

}  // namespace melete::train
