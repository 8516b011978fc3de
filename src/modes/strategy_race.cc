// The strategy "race": the first agent that answers by itself wins (First Finish Search,
// arXiv:2505.18149).

#include <algorithm>

#include "modes/strategy.h"

namespace melete::modes {

namespace {

class RaceStrategy final : public Strategy {
 public:
  std::optional<std::string> enough(const Standing& standing) const override {
    if (std::ranges::any_of(standing.finals, is_whole)) return "decided";
    return std::nullopt;
  }

  Verdict decide(const Standing& standing) const override {
    const auto first = std::ranges::find_if(standing.finals, is_whole);
    if (first == standing.finals.end()) return leader_verdict(standing, "none was complete");
    const auto member = static_cast<int>(first - standing.finals.begin());
    return member_verdict(standing, member, "first to finish");
  }
};

}  // namespace

const Strategy& race_strategy() {
  static const RaceStrategy strategy;
  return strategy;
}

}  // namespace melete::modes
