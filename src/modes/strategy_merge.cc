// The strategy "merge": waits as "vote" does, then merges unless all answers are the same.

#include "modes/strategy.h"

namespace melete::modes {

namespace {

class MergeStrategy final : public Strategy {
 public:
  std::optional<std::string> enough(const Standing& standing) const override {
    return vote_strategy().enough(standing);
  }

  Verdict decide(const Standing& standing) const override {
    if (distinct_finals(standing).size() < 2) return leader_verdict(standing, "all agree");
    return {.kind = Verdict::Kind::Merge, .why = "answers differ"};
  }
};

}  // namespace

const Strategy& merge_strategy() {
  static const MergeStrategy strategy;
  return strategy;
}

}  // namespace melete::modes
