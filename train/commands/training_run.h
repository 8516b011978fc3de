// The steps of a run that learns from examples, in every rank: from the folder's checkpoint to the
// last one.

#pragma once

#include <optional>

#include "base/error.h"
#include "commands/run_config.h"
#include "data/teller.h"
#include "loop/batch_source.h"
#include "loop/checkpoint.h"
#include "loop/run_log.h"
#include "model/model.h"
#include "optimiser/optimiser.h"
#include "optimiser/schedule.h"
#include "parallel/group.h"

namespace melete::train {

// What takes part in the steps.
struct Training {
  const RunConfig& config;
  const Schedule& schedule;
  Model& model;
  Optimiser& optimiser;
  const BatchSource& source;
  Group& group;
};

// Where the steps begin.
struct Beginning {
  Progress progress;
  std::optional<RunLog> log;  // of rank 0, which alone writes
};

// Takes up the folder's checkpoint where there is one, and opens the log. Waits for no other rank.
// Fails as checkpoints do, and with StorageFull.
Result<Beginning> begin(const Training& training);

// Takes all steps that are left, with a checkpoint now and then and after the last. `tell` gets a
// line for people after each, in rank 0. Fails as checkpoints and steps do, in all ranks where it
// fails in one.
Result<void> run_steps(const Training& training, Beginning& beginning, const Teller& tell);

}  // namespace melete::train
