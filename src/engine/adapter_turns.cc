#include "engine/adapter_turns.h"

#include <algorithm>

namespace melete::engine {

AdapterTurns::AdapterTurns(const std::vector<std::string>& adapters) : groups_{""} {
  groups_.insert(groups_.end(), adapters.begin(), adapters.end());
}

std::vector<std::string_view> AdapterTurns::order() const {
  std::vector<std::string_view> order(groups_.begin(), groups_.end());
  const size_t first = taken_ < kTurn ? turn_ : (turn_ + 1) % order.size();
  std::ranges::rotate(order, order.begin() + static_cast<std::ptrdiff_t>(first));
  return order;
}

void AdapterTurns::note(std::string_view group, Seconds time) {
  const auto index = static_cast<size_t>(std::ranges::find(groups_, group) - groups_.begin());
  if (index != turn_) taken_ = Seconds(0);
  turn_ = index;
  taken_ += time;
}

}  // namespace melete::engine
