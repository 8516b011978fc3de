// What agents have answered, as one text that a model can read: for merges and for a second round.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "chat/request.h"

namespace melete::modes {

constexpr size_t kMostDrafts = 4;  // more make small models worse

struct DraftOptions {
  std::string instruction;    // what to do with the drafts
  size_t draft_bytes = 6000;  // each draft is cut to about so many
  uint64_t seed = 0;          // the order of the drafts depends on it only
};

// `turn` followed by the drafts and the instruction: the turn itself stays an unchanged prefix, so
// that its cells are reused. Takes the first kMostDrafts of `drafts`, which are at least one and
// all different. Branches and the prefill of `turn` are left out.
chat::Request with_drafts(chat::Request turn, std::vector<std::string> drafts,
                          const DraftOptions& options);

}  // namespace melete::modes
