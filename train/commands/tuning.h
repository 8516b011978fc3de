// A whole run on open weights: data, model, steps, checkpoints of the adapter, and its file at the
// end.

#pragma once

#include "base/error.h"
#include "commands/tune_config.h"
#include "data/teller.h"

namespace melete::train {

// Runs to the end, from the folder's checkpoint where there is one. `tell` gets a line for people
// after each step. Fails as finding and loading the model, reading the data, checkpoints, steps and
// exports do.
Result<void> tune(const TuneConfig& config, const Teller& tell);

}  // namespace melete::train
