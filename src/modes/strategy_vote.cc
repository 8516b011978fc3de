// The strategy "vote": the majority's shortest member is the answer; split or free answers are
// merged.

#include <fmt/format.h>

#include "modes/strategy.h"

namespace melete::modes {

namespace {

class VoteStrategy final : public Strategy {
 public:
  std::optional<std::string> enough(const Standing& standing) const override {
    const int votes = standing.ballot.votes();
    if (votes > 0) {
      if (standing.ballot.decided(standing.running)) return "decided";
      if (votes >= quorum(standing.agents)) return "enough answers";
      return std::nullopt;
    }
    int complete = 0;
    for (const AgentFinal& final : standing.finals) {
      complete += is_complete(final) && !final.text.empty() ? 1 : 0;
    }
    if (complete >= quorum(standing.agents)) return "enough answers";
    return std::nullopt;
  }

  Verdict decide(const Standing& standing) const override {
    const auto leader = standing.ballot.leader();
    if (leader && !leader->tied) {
      return leader_verdict(standing,
                            fmt::format("{} of {} agree", leader->votes, standing.ballot.votes()));
    }
    if (distinct_finals(standing).size() < 2) return leader_verdict(standing, "only one answer");
    return {.kind = Verdict::Kind::Merge, .why = leader ? "answers are split" : "free text"};
  }
};

}  // namespace

const Strategy& vote_strategy() {
  static const VoteStrategy strategy;
  return strategy;
}

}  // namespace melete::modes
