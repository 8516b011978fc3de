#include "modes/merge.h"

#include <utility>

#include "modes/drafts.h"

namespace melete::modes {

namespace {

constexpr const char* kInstruction =
    "The drafts above answer my request; some may be wrong. Compare them where they differ, check "
    "the steps, and write the one best answer. Do not mention the drafts.";

}  // namespace

chat::Request merge_request(chat::Request turn, std::vector<std::string> candidates,
                            uint64_t seed) {
  return with_drafts(std::move(turn), std::move(candidates),
                     {.instruction = kInstruction, .seed = seed});
}

bool majority_stands(const Ballot& ballot, const std::optional<Answer>& merged) {
  const auto leader = ballot.leader();
  if (!leader || leader->votes < kGuardShare * ballot.votes()) return false;
  return !merged || !same_answer(leader->answer, *merged);
}

}  // namespace melete::modes
