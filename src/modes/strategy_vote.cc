// The strategy "vote": the majority's most certain member is the answer; split or free answers
// are merged.

#include <fmt/format.h>

#include <algorithm>

#include "modes/strategy.h"

namespace melete::modes {

namespace {

class VoteStrategy final : public Strategy {
 public:
  std::optional<std::string> enough(const Standing& standing) const override {
    const int votes = standing.ballot.votes();
    const bool last_wave = standing.reserve == 0 || standing.ballot.agrees();
    if (votes > 0 && last_wave && standing.ballot.decided(standing.running)) return "decided";
    const auto texts = static_cast<int>(std::ranges::count_if(standing.finals, is_whole));
    const bool enough = votes > 0 ? votes >= standing.enough_votes : texts >= standing.enough_texts;
    if (!enough) return std::nullopt;
    // The next vote may break a tie: waiting for it takes less than a merge.
    const auto leader = standing.ballot.leader();
    if (leader && leader->tied) return std::nullopt;
    return "enough answers";
  }

  Verdict decide(const Standing& standing) const override {
    if (needs_more(standing)) return {.kind = Verdict::Kind::More, .why = "answers disagree"};
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
