// The strategy "verify": the caller's check decides. The first answer that passes it ends the rest;
// more agents are added while none does, and where none ever does, the vote counts.

#include <algorithm>

#include "modes/strategy.h"

namespace melete::modes {

namespace {

class VerifyStrategy final : public Strategy {
 public:
  std::optional<std::string> enough(const Standing& standing) const override {
    if (passing(standing)) return "decided";
    return std::nullopt;
  }

  Verdict decide(const Standing& standing) const override {
    if (const auto member = passing(standing)) {
      return member_verdict(standing, *member, "passes the check");
    }
    if (standing.reserve > 0) return {.kind = Verdict::Kind::More, .why = "no answer passes"};
    Verdict verdict = vote_strategy().decide(standing);
    verdict.why = "no answer passes the check; " + verdict.why;
    return verdict;
  }

 private:
  static std::optional<int> passing(const Standing& standing) {
    const auto found = std::ranges::find_if(
        standing.finals, [](const AgentFinal& final) { return is_whole(final) && final.passes; });
    if (found == standing.finals.end()) return std::nullopt;
    return static_cast<int>(found - standing.finals.begin());
  }
};

}  // namespace

const Strategy& verify_strategy() {
  static const VerifyStrategy strategy;
  return strategy;
}

}  // namespace melete::modes
