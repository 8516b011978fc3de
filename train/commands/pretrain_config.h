// What a pretraining run is made of, as one TOML file.

#pragma once

#include <filesystem>

#include "base/error.h"
#include "commands/sources_config.h"
#include "loop/batch_source.h"
#include "model/config.h"
#include "optimiser/optimiser.h"
#include "optimiser/schedule.h"

namespace melete::train {

enum class Precision { Automatic, Bfloat16, Float };  // of activations

struct PretrainConfig {
  std::filesystem::path folder;                // for the checkpoint, the log and the model's files
  uint64_t seed = 1;                           // of the weights and of all data
  int threads = 0;                             // 0: every core, shared with the other ranks on it
  int deadline = 300;                          // seconds that a rank waits for the others
  Precision precision = Precision::Automatic;  // bfloat16 where the processor multiplies it
  int64_t checkpoint_every = 100;              // steps
  ModelConfig model;
  BatchShape batch;
  Schedule schedule;
  OptimiserOptions optimiser;
  SourcesConfig sources;
};

// Reads a file; paths in it are relative to its folder. Fails with NotFound, and with
// InvalidArgument, naming the key, where a key is unknown or its value is of another kind or out of
// range.
Result<PretrainConfig> read_pretrain_config(const std::filesystem::path& file);

}  // namespace melete::train
