// An endless stream of examples from several tasks, by weight.

#pragma once

#include <cstdint>
#include <vector>

#include "data/example.h"
#include "data/task.h"

namespace melete::train {

struct MixtureItem {
  const Task* task = nullptr;  // must outlive the mixture
  double weight = 1;           // relative to the others; above 0
  int easiest = 1;             // difficulties, both included
  int hardest = kHardest;
};

// How often an example has a trace. The rest is answered at once.
struct TraceShares {
  double shorter = 0.2;  // the steps
  double longer = 0.12;  // steps and checks; below a third, so that greedy answers begin short
};

// Immutable, so any number of threads may use one.
class Mixture {
 public:
  // At least one item.
  Mixture(std::vector<MixtureItem> items, TraceShares shares, uint64_t seed);

  // Example number `index`, always the same one for the same seed.
  Example example(uint64_t index) const;

 private:
  std::vector<MixtureItem> items_;
  TraceShares shares_;
  uint64_t seed_;
  double total_weight_ = 0;
};

}  // namespace melete::train
