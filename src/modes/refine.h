// The round of refinement: agents read a bounded digest of the answers and improve on them.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chat/request.h"

namespace melete::modes {

// `turn` followed by a digest of `answers` (distinct finals, without the reasoning that led to
// them), as drafts.h says, each cut to about 1,500 bytes. All agents of the round read the same
// digest, so it is prefilled once.
chat::Request refine_request(chat::Request turn, std::vector<std::string> answers, uint64_t seed);

// Agents of the round after one of `agents`: half of them, at least 3, at most as many.
int refining_agents(int agents);

}  // namespace melete::modes
