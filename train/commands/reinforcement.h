// A whole run of reinforcement: a trained model, questions with answers that are checked, steps,
// measures on questions that are held out, checkpoints, and the model's files at its end.

#pragma once

#include <string_view>

#include "base/error.h"
#include "commands/reinforce_config.h"
#include "data/teller.h"

namespace melete::train {

// What the run says of the held-out questions, before the first step and then now and then.
inline constexpr std::string_view kHeldOutFile = "held_out.jsonl";

// Runs to the end, from the folder's checkpoint where there is one, else from that of
// `config.start`. `tell` gets a line for people after each step. Fails as checkpoints, steps, stops
// and exports do; the last checkpoint, where one was due, is then whole. A run that has nothing
// left to learn ends before its last step.
Result<void> reinforce(const ReinforceConfig& config, const Teller& tell);

}  // namespace melete::train
