// What ends a run that goes wrong, with its reason, instead of letting it burn days in silence.

#pragma once

#include <cstdint>
#include <optional>

#include "base/error.h"
#include "base/json.h"
#include "reinforce/figures.h"

namespace melete::train {

struct StopOptions {
  int64_t patience = 10;        // steps in a row that something has to be wrong
  double least_entropy = 0.01;  // nats; below, with `sure_and_wrong` of the answers wrong
  double sure_and_wrong = 0.1;  // share
  double accuracy_drop = 0.1;   // on held-out questions, from the best, while the reward rises
};

// What comes after a step.
enum class Course { GoesOn, AtGoal };

// Not thread-safe.
class Stops {
 public:
  explicit Stops(const StopOptions& options) : options_(options) {}

  // Fails with Conflict, naming the setting to change, once `patience` steps in a row had every
  // answer cut off, had no question whose answers were worth something different, or were sure of
  // answers that are wrong. At its goal is a run whose answers are all worth the same and nearly
  // all right: nothing is left to learn.
  Result<Course> after_step(const ReinforceReport& report);

  // Fails with Conflict where rewards rose but answers to held-out questions became wrong.
  Result<void> after_measure(const AnswerFigures& held_out);

  // What has to be kept when a run stops.
  Json memory() const;
  void restore(const Json& memory);

 private:
  struct Best {
    double right = 0;              // share of held-out questions
    std::optional<double> reward;  // mean in the steps before it, if there were any
  };

  StopOptions options_;
  int64_t truncated_ = 0;  // steps in a row, as are these
  int64_t alike_ = 0;
  int64_t sure_ = 0;
  double reward_sum_ = 0;  // since the last measure
  int64_t reward_steps_ = 0;
  std::optional<Best> best_;
};

}  // namespace melete::train
