// One training step after another.

#pragma once

#include <torch/types.h>

#include <future>

#include "base/error.h"
#include "loop/batch_source.h"
#include "loop/checkpoint.h"
#include "model/model.h"
#include "optimiser/optimiser.h"
#include "optimiser/schedule.h"

namespace melete::train {

struct StepReport {
  int64_t step = 0;          // counted from 1
  int64_t tokens = 0;        // read in this step, padding left out
  int64_t taught = 0;        // of those, tokens that were predicted
  int64_t left_out = 0;      // examples too long for a row
  double loss = 0;           // mean over what was taught, in nats
  double gradient_norm = 0;  // of all gradients together
  double rate_share = 0;     // of the full learning rates
};

// Not thread-safe. A batch is made on a thread of its own while the one before is computed. All
// references must outlive the trainer.
class Trainer {
 public:
  // `type` is that of activations. Continues from `progress`.
  Trainer(Model& model, Optimiser& optimiser, const BatchSource& source, const Schedule& schedule,
          torch::ScalarType type, const Progress& progress);

  ~Trainer();
  Trainer(const Trainer&) = delete;
  Trainer& operator=(const Trainer&) = delete;

  // Fails with InvalidArgument where no batch can be made, and with Internal, naming the step and
  // the tensor, where a number is not finite; the weights are then those before the step.
  Result<StepReport> step();

  const Progress& progress() const { return progress_; }

 private:
  void prepare(uint64_t first_example);
  Result<double> gradient_norm(double loss) const;
  Error not_finite(double loss) const;

  Model& model_;
  Optimiser& optimiser_;
  const BatchSource& source_;
  Schedule schedule_;
  torch::ScalarType type_;
  Progress progress_;
  std::future<Result<FilledBatch>> next_;
};

}  // namespace melete::train
