// What a run on open weights is made of, as one TOML file.

#pragma once

#include <filesystem>

#include "base/error.h"
#include "commands/open_weights_config.h"
#include "commands/run_config.h"
#include "commands/sources_config.h"
#include "loop/batch_source.h"
#include "optimiser/optimiser.h"
#include "optimiser/schedule.h"

namespace melete::train {

struct TuneConfig : RunConfig {
  OpenWeightsConfig base;
  BatchShape batch = {.rows = 4, .length = 512};
  Schedule schedule = {.steps = 100, .warm_up = 5, .decay_share = 0.4};
  OptimiserOptions optimiser;  // its factor rate is the adapter's; the others are of eye and ear
  SourcesConfig sources;
};

// Reads a file; paths in it are relative to its folder. Fails as read_pretrain_config() does.
Result<TuneConfig> read_tune_config(const std::filesystem::path& file);

}  // namespace melete::train
