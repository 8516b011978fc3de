// The strategy "race": the first agent that answers by itself wins (First Finish Search,
// arXiv:2505.18149).

#include <algorithm>

#include "modes/strategy.h"

namespace melete::modes {

namespace {

bool counts(const AgentFinal& final) {
  return is_complete(final) && !final.text.empty();
}

class RaceStrategy final : public Strategy {
 public:
  std::optional<std::string> enough(const Standing& standing) const override {
    if (std::ranges::any_of(standing.finals, counts)) return "decided";
    return std::nullopt;
  }

  Verdict decide(const Standing& standing) const override {
    const auto first = std::ranges::find_if(standing.finals, counts);
    if (first == standing.finals.end()) return leader_verdict(standing, "none was complete");
    return {.kind = Verdict::Kind::Member,
            .member = static_cast<int>(first - standing.finals.begin()),
            .answer = first->answer ? first->answer->text : std::string(),
            .votes = 1,
            .why = "first to finish"};
  }
};

}  // namespace

const Strategy& race_strategy() {
  static const RaceStrategy strategy;
  return strategy;
}

}  // namespace melete::modes
