// The strategy "refine": where the answers of the first round differ, agents read a digest of them
// and answer once more, then vote. One round of parallel drafting, distilling and refining (PDR,
// arXiv:2510.01123).

#include "modes/strategy.h"

namespace melete::modes {

namespace {

class RefineStrategy final : public Strategy {
 public:
  std::optional<std::string> enough(const Standing& standing) const override {
    return vote_strategy().enough(standing);
  }

  Verdict decide(const Standing& standing) const override {
    const bool differ = distinct_finals(standing).size() > 1;
    if (standing.round > 1 || !differ) return vote_strategy().decide(standing);
    return {.kind = Verdict::Kind::Refine, .why = "answers differ"};
  }
};

}  // namespace

const Strategy& refine_strategy() {
  static const RefineStrategy strategy;
  return strategy;
}

}  // namespace melete::modes
