// A whole pretraining run: data, model, steps, checkpoints, and the model's files at its end.

#pragma once

#include "base/error.h"
#include "commands/pretrain_config.h"
#include "data/teller.h"
#include "parallel/group.h"

namespace melete::train {

// Runs to the end, from the folder's checkpoint where there is one. Every rank of `group` calls it
// with the same settings; each computes its part of the rows, and rank 0 alone writes files. `tell`
// gets a line for people after each step, in rank 0. Fails as reading the data, checkpoints, steps
// and exports do, in all ranks where it fails in one; with InvalidArgument where the rows cannot be
// divided among the ranks, and with Conflict where these do not begin alike.
Result<void> pretrain(const PretrainConfig& config, Group& group, const Teller& tell);

}  // namespace melete::train
