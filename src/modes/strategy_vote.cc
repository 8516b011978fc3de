// The strategy "vote": the majority's most certain member is the answer, of split answers the most
// certain of all; free texts are merged.
//
// An answer that leads early mostly wins, so few agents are heard where one leads, and most of them
// where none does (replayed by bench/contemplating_stops.py).
//
// A merge of answers that split is not worth its time: where eight agents found no majority, one
// more call was right less often than the most certain of them (docs/benchmarks.md).

#include <fmt/format.h>

#include "modes/strategy.h"

namespace melete::modes {

namespace {

int wanted_finals(const Standing& standing) {
  if (is_free_text(standing)) return standing.enough_texts;
  const std::optional<Leader> leader = standing.ballot.leader();
  const bool leads = leader->votes >= 2 && !leader->tied;
  return leads ? standing.enough_with_leader : standing.enough_with_votes;
}

class VoteStrategy final : public Strategy {
 public:
  std::optional<std::string> enough(const Standing& standing) const override {
    const int votes = standing.ballot.votes();
    const bool last_wave = standing.reserve == 0 || standing.ballot.agrees();
    if (votes > 0 && last_wave && standing.ballot.decided(standing.running)) return "decided";
    if (whole_count(standing) < wanted_finals(standing)) return std::nullopt;
    return "enough answers";
  }

  Verdict decide(const Standing& standing) const override {
    if (needs_more(standing)) return {.kind = Verdict::Kind::More, .why = "answers disagree"};
    if (is_free_text(standing)) {
      if (distinct_finals(standing).size() < 2) return leader_verdict(standing, "only one answer");
      return {.kind = Verdict::Kind::Merge, .why = "free text"};
    }
    const auto leader = standing.ballot.leader();
    if (leader->tied) return leader_verdict(standing, "answers are split");
    return leader_verdict(standing,
                          fmt::format("{} of {} agree", leader->votes, standing.ballot.votes()));
  }
};

}  // namespace

const Strategy& vote_strategy() {
  static const VoteStrategy strategy;
  return strategy;
}

}  // namespace melete::modes
