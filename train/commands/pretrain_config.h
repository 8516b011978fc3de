// What a pretraining run is made of, as one TOML file.

#pragma once

#include <filesystem>

#include "base/error.h"
#include "commands/run_config.h"
#include "commands/sources_config.h"
#include "loop/batch_source.h"
#include "optimiser/optimiser.h"
#include "optimiser/schedule.h"

namespace melete::train {

struct PretrainConfig : RunConfig {
  int deadline = 300;           // seconds that a rank waits for the others
  std::filesystem::path start;  // the folder of a run to take the weights of; empty: new ones
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
