#include "modes/refine.h"

#include <algorithm>
#include <utility>

#include "modes/drafts.h"
#include "modes/strategy.h"

namespace melete::modes {

namespace {

constexpr size_t kDigestBytes = 1500;  // of each answer
constexpr const char* kInstruction =
    "These are answers of others to my request. They differ, so some are wrong. Find where they "
    "part, decide which steps hold, and answer my request yourself.";

}  // namespace

chat::Request refine_request(chat::Request turn, std::vector<std::string> answers, uint64_t seed) {
  return with_drafts(std::move(turn), std::move(answers),
                     {.instruction = kInstruction, .draft_bytes = kDigestBytes, .seed = seed});
}

int refining_agents(int agents) {
  return std::min(agents, text_quorum(agents));
}

}  // namespace melete::modes
