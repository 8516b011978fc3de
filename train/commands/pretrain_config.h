// What a pretraining run is made of, as one TOML file.

#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/error.h"
#include "data/mixture.h"
#include "data/registry.h"
#include "loop/batch_source.h"
#include "model/config.h"
#include "optimiser/optimiser.h"
#include "optimiser/schedule.h"

namespace melete::train {

// How often a task is drawn, and how hard.
struct TaskShare {
  double weight = 1;  // relative to the others; above 0
  int easiest = 1;    // difficulties, both included; 1 to kHardest
  int hardest = kHardest;
};

enum class Precision { Automatic, Bfloat16, Float };  // of activations

struct PretrainConfig {
  std::filesystem::path folder;                // for the checkpoint, the log and the model's files
  uint64_t seed = 1;                           // of the weights and of all data
  int threads = 0;                             // 0: every core
  Precision precision = Precision::Automatic;  // bfloat16 where the processor multiplies it
  int64_t checkpoint_every = 100;              // steps
  ModelConfig model;
  BatchShape batch;
  Schedule schedule;
  OptimiserOptions optimiser;
  TraceShares traces;
  RealData real;
  std::map<std::string, TaskShare> tasks;  // by name; empty: all alike
};

// Reads a file; paths in it are relative to its folder. Fails with NotFound, and with
// InvalidArgument, naming the key, where a key is unknown or its value is of another kind or out of
// range.
Result<PretrainConfig> read_pretrain_config(const std::filesystem::path& file);

}  // namespace melete::train
