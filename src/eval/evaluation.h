// Runs arms over items and keeps every answer, so that a run that was cut off goes on where it
// stopped.

#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "chat/backend.h"
#include "eval/arm.h"
#include "eval/item.h"
#include "eval/trial.h"

namespace melete::eval {

struct ItemSet {
  std::string name;
  std::vector<Item> items;
};

struct Evaluation {
  std::vector<ItemSet> sets;
  std::vector<Arm> arms;
  std::map<std::string, chat::Backend*> servers;  // by Arm::server; each arm's is here
  std::string results;                            // path of the result file
  std::string machine;                            // noted in each trial
  uint32_t seed = 1;                              // the n-th item of a set has seed + 1,000 n
};

struct EvaluationStep {
  int done = 0;  // trials that are in the file now
  int all = 0;
  const Trial* trial = nullptr;  // the newest
};

// The arms take turns within each item, and each item begins with another arm, so that the
// machine's moods hit all alike. Each trial is added to the result file at once; those of the same
// setup that it holds already are not run again, but failed ones are. `watch` is called after each,
// and ends the evaluation by false. Gives all trials of the file that belong to the evaluation, one
// for each arm and item. Blocks for as long as it takes. StorageFull when the file cannot be
// written; what read_trials() fails with.
Result<std::vector<Trial>> evaluate(const Evaluation& evaluation, const Clock& clock,
                                    const std::function<bool(const EvaluationStep&)>& watch);

}  // namespace melete::eval
