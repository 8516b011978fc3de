// One step of reinforcement after another: questions, a group of answers to each, what they are
// worth, and one move of the weights. Nothing is used twice, so that every answer is of the weights
// that learn from it.

#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "model/model.h"
#include "optimiser/optimiser.h"
#include "optimiser/schedule.h"
#include "reinforce/examiner.h"
#include "reinforce/figures.h"
#include "reinforce/policy.h"
#include "reinforce/pricing.h"
#include "reinforce/question_pool.h"

namespace melete::train {

struct ReinforcerOptions {
  uint64_t seed = 1;       // decides questions and answers
  int64_t questions = 16;  // of a step; at most the pool's
  int64_t answers = 16;    // to each; at least 2
  ExaminerOptions examiner;
  PricingOptions pricing;
  PoolOptions pool;
  Schedule schedule;
  torch::ScalarType type = torch::kFloat;  // of activations
};

// Not thread-safe. All references must outlive it.
class Reinforcer {
 public:
  // `pool` are numbers of questions of `source`; at least `options.questions`.
  Reinforcer(Model& model, const Language& language, Optimiser& optimiser,
             const QuestionSource& source, std::vector<uint64_t> pool,
             const ReinforcerOptions& options);

  // Fails as grade() does, and with Internal, naming the step, where a number is not finite; the
  // weights are then those before the step.
  Result<ReinforceReport> step();

  int64_t steps_done() const { return steps_done_; }

  // What has to be kept, beside weights and optimiser, when a run stops. restore() goes on after
  // `steps_done` and fails with Conflict where the memory is of another pool.
  Json memory() const;
  Result<void> restore(int64_t steps_done, const Json& memory);

 private:
  std::vector<PolicySample> judge(const std::vector<Examined>& examined,
                                  const std::vector<size_t>& places, ReinforceReport& report);
  Result<void> learn(const std::vector<PolicySample>& samples, ReinforceReport& report);

  Model& model_;
  Optimiser& optimiser_;
  const QuestionSource& source_;
  std::vector<uint64_t> numbers_;  // by their places in the pool
  ReinforcerOptions options_;
  Examiner examiner_;
  Pricing pricing_;
  QuestionPool pool_;
  int64_t steps_done_ = 0;
};

}  // namespace melete::train
