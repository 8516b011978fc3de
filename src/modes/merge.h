// The merge: one more call that makes one answer of several, and the guard that keeps it from
// spoiling a clear majority.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chat/request.h"
#include "modes/ballot.h"

namespace melete::modes {

constexpr double kGuardShare = 0.6;

// Asks for the one best answer among `candidates`, as drafts.h says, each cut to about 6,000 bytes.
chat::Request merge_request(chat::Request turn, std::vector<std::string> candidates, uint64_t seed);

// True when a majority of kGuardShare or more stands against what the merge found (nothing: it
// found no answer): then the majority stays.
bool majority_stands(const Ballot& ballot, const std::optional<Answer>& merged);

}  // namespace melete::modes
