// Questions of one task, with difficulties and traces as chance has them.

#pragma once

#include <cstdint>

#include "data/source.h"
#include "data/task.h"

namespace melete::train {

struct Difficulties {
  int easiest = 1;  // both included; 1 to kHardest
  int hardest = kHardest;
};

// How often an example has a trace. The rest is answered at once.
struct TraceShares {
  double shorter = 0.2;  // the steps
  double longer = 0.12;  // steps and checks; below a third, so that greedy answers begin short
};

class TaskSource final : public Source {
 public:
  // `task` must outlive it. Two tasks may have the same seed.
  TaskSource(const Task& task, Difficulties difficulties, TraceShares shares, uint64_t seed);

  // Never fails.
  Result<Conversation> example(uint64_t index) const override;

  // What example() is made of.
  struct Drawn {
    Problem problem;
    Trace trace = Trace::None;
  };
  Drawn draw(uint64_t index) const;

 private:
  const Task& task_;
  Difficulties difficulties_;
  TraceShares shares_;
  uint64_t seed_;
};

}  // namespace melete::train
