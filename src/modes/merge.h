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

constexpr size_t kMostCandidates = 4;  // more make small models worse
constexpr double kGuardShare = 0.6;

// `original` followed by the candidates: the turn itself stays an unchanged prefix, so that its
// cells are reused. Takes at most kMostCandidates of `candidates` (the first ones; without
// duplicates, at least one), each cut to about 6,000 bytes, in an order that depends on `seed`
// only.
chat::Request merge_request(chat::Request original, std::vector<std::string> candidates,
                            uint64_t seed);

// True when a majority of kGuardShare or more stands against what the merge found (nothing: it
// found no answer): then the majority stays.
bool majority_stands(const Ballot& ballot, const std::optional<Answer>& merged);

}  // namespace melete::modes
