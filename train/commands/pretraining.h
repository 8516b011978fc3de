// A whole pretraining run: data, model, steps, checkpoints, and the model's files at its end.

#pragma once

#include <functional>
#include <string_view>

#include "base/error.h"
#include "commands/pretrain_config.h"

namespace melete::train {

// Files that a run keeps in its folder.
inline constexpr std::string_view kCheckpointFile = "checkpoint.pt";
inline constexpr std::string_view kLogFile = "log.jsonl";
inline constexpr std::string_view kDecoderFile = "model.gguf";
inline constexpr std::string_view kProjectorFile = "model.mmproj.gguf";

// Runs to the end, from the folder's checkpoint where there is one. `tell` gets a line for people
// after each step. Fails as reading the data, checkpoints, steps and exports do.
Result<void> pretrain(const PretrainConfig& config,
                      const std::function<void(std::string_view)>& tell);

}  // namespace melete::train
