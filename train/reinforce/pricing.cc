#include "reinforce/pricing.h"

#include <numeric>

namespace melete::train {

namespace {

std::vector<double> plain_rewards(std::span<const Outcome> group, Price price) {
  price.weight = 0;
  return priced_rewards(group, price);
}

}  // namespace

bool Pricing::priced(int64_t step) const {
  switch (options_.arm) {
    case Arm::AfterPlateau:
      return plateau_;
    case Arm::Toggle:
      return step / options_.period % 2 == 0;
    case Arm::Shortest:
      return false;
    default:
      return options_.price.weight > 0;
  }
}

Judgement Pricing::judge(std::span<const Outcome> group, int64_t step,
                         std::optional<int64_t> limit) const {
  Judgement judgement{plain_rewards(group, options_.price), {}};
  if (options_.arm == Arm::Shortest) {
    judgement.advantages = shortest_alone(group);
    return judgement;
  }
  if (options_.arm == Arm::Added) {
    judgement.rewards = summed_rewards(group, options_.price);
  } else if (options_.arm == Arm::Toggle) {
    const bool limited = priced(step) && limit && solve_rate(group) >= options_.sure;
    if (limited) judgement.rewards = limited_rewards(group, *limit);
  } else if (priced(step)) {
    judgement.rewards = priced_rewards(group, options_.price);
  }
  judgement.advantages = advantages_of(judgement.rewards);
  return judgement;
}

std::optional<int64_t> Pricing::limit_of(std::span<const Outcome> group) const {
  if (options_.arm != Arm::Toggle) return std::nullopt;
  return usual_length(group, options_.usual_share);
}

void Pricing::remember(double solved) {
  const auto half = static_cast<std::ptrdiff_t>(options_.period);
  solved_.push_back(solved);
  if (std::ssize(solved_) > 2 * half) solved_.erase(solved_.begin());
  if (std::ssize(solved_) < 2 * half) return;
  const auto middle = solved_.begin() + half;
  const double rise =
      std::accumulate(middle, solved_.end(), 0.0) - std::accumulate(solved_.begin(), middle, 0.0);
  plateau_ = plateau_ || rise / static_cast<double>(half) < options_.least_rise;
}

Json Pricing::memory() const {
  return {{"solved", solved_}, {"plateau", plateau_}};
}

void Pricing::restore(const Json& memory) {
  memory.at("solved").get_to(solved_);
  memory.at("plateau").get_to(plateau_);
}

}  // namespace melete::train
