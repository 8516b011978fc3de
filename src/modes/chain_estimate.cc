#include "modes/chain_estimate.h"

#include <algorithm>
#include <cmath>

#include "modes/agent_count.h"

namespace melete::modes {

void ChainEstimate::add(const FinishedChain& chain) {
  const double width = static_cast<double>(chain.tokens_of_all) /
                       static_cast<double>(std::max<int64_t>(1, chain.tokens));
  const int sequences = std::clamp(static_cast<int>(std::lround(width)), 1, kMostAgents);
  const double cost = std::max(1.0, step_cost(step_costs_, sequences));
  in_company_ += chain.took;
  alone_ += std::chrono::nanoseconds(
      static_cast<int64_t>(static_cast<double>(chain.took.count()) / cost));
  ++chains_;
}

std::optional<std::chrono::nanoseconds> ChainEstimate::in_company() const {
  if (chains_ == 0) return std::nullopt;
  return in_company_ / chains_;
}

std::optional<std::chrono::nanoseconds> ChainEstimate::alone() const {
  if (chains_ == 0) return std::nullopt;
  return alone_ / chains_;
}

}  // namespace melete::modes
