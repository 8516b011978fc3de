// Stopping rules and votes, replayed on chains that were recorded to their ends.

#pragma once

#include <string>
#include <vector>

#include "eval/trial.h"

namespace melete::eval {

// What a rule would have made of recorded chains.
struct Replayed {
  std::string rule;
  int trials = 0;
  double right = 0;   // share of the trials
  double steps = 0;   // to the decision, in lengths of a mean chain of the trial; mean over trials
  double tokens = 0;  // share of all chains' tokens that were written until then
};

// Replays every strategy that needs no further call, and a majority of the first m finished chains
// for each m, on trials with at least `agents` chains, of which the first `agents` are taken.
// Chains write one token in each step, so the shorter one ends first; a merge counts as its leading
// answer. Multiply `steps` by the time of a step for so many sequences over one's to get a latency.
std::vector<Replayed> replay(const std::vector<Trial>& trials, int agents);

// The same as a Markdown table.
std::string write_replays(const std::vector<Replayed>& replays);

}  // namespace melete::eval
