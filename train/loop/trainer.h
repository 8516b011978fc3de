// One training step after another.

#pragma once

#include <torch/types.h>

#include "base/error.h"
#include "loop/batch_stream.h"
#include "loop/checkpoint.h"
#include "loop/gradient_sum.h"
#include "model/model.h"
#include "optimiser/optimiser.h"
#include "optimiser/schedule.h"
#include "parallel/group.h"

namespace melete::train {

struct StepReport {
  int64_t step = 0;          // counted from 1; what follows is of all ranks together
  int64_t tokens = 0;        // read in this step, padding left out
  int64_t taught = 0;        // of those, tokens that were predicted
  int64_t left_out = 0;      // examples too long for a row
  double loss = 0;           // mean over what was taught, in nats
  double gradient_norm = 0;  // of all gradients together
  double rate_share = 0;     // of the full learning rates
};

// Not thread-safe. A batch is made on threads of its own while the one before is computed. All
// references must outlive the trainer.
class Trainer {
 public:
  // `type` is that of activations. Continues from `progress`. Each rank of `group` begins with the
  // same weights, and its `source` gives that part of the rows.
  Trainer(Model& model, Optimiser& optimiser, const BatchSource& source, const Schedule& schedule,
          torch::ScalarType type, const Progress& progress, Group& group);

  // Fails with InvalidArgument where no batch can be made, and with Internal, naming the step and
  // the tensor, where a number is not finite; the weights are then those before the step. Where a
  // GPU's memory is too small it fails with InvalidArgument and says how many rows fit. What fails
  // in one rank fails in all: with Unavailable where one has gone, and with Conflict where
  // ranks read different data.
  Result<StepReport> step();

  const Progress& progress() const { return progress_; }

 private:
  StepSums add_gradients(const PackedRows& packed, int64_t all_taught);
  bool fits(const PackedRows& packed);
  Error no_memory(const PackedRows& packed);
  Result<StepSums> try_gradients(const FilledBatch& filled);
  Error cause_of(const Error& error, double loss);
  Error unlike_data() const;

  Model& model_;
  Optimiser& optimiser_;
  Schedule schedule_;
  torch::ScalarType type_;
  Progress progress_;
  Group& group_;
  BatchStream batches_;
};

}  // namespace melete::train
