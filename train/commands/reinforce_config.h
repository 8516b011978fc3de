// What a run of reinforcement is made of, as one TOML file.

#pragma once

#include <cstdint>
#include <filesystem>

#include "base/error.h"
#include "commands/open_weights_config.h"
#include "commands/run_config.h"
#include "commands/sources_config.h"
#include "optimiser/schedule.h"
#include "reinforce/pricing.h"
#include "reinforce/question_pool.h"
#include "reinforce/stops.h"

namespace melete::train {

enum class Writer { Automatic, Model, Engine };  // of answers

struct ReinforceConfig : RunConfig {
  OpenWeightsConfig base;             // open weights to teach beside; none named: our own model's
  ModelConfig model;                  // that of the run it begins with
  std::filesystem::path start;        // the folder of the run whose weights it begins with
  int64_t questions = 16;             // of a step
  int64_t answers = 16;               // to each
  int64_t most_tokens = 256;          // of an answer; also the budget of the price
  Writer writer = Writer::Automatic;  // the engine for open weights on a processor
  bool thinking = false;              // every answer is made to begin with reasoning
  int64_t pool = 1024;                // questions to train on
  int64_t held_out = 64;              // others to measure by
  int64_t measure_every = 20;         // steps
  double verifier_deadline = 10;      // seconds for one answer
  double rate = 1e-4;                 // AdamW's learning rate, of all that learns
  Schedule schedule{.steps = 200, .warm_up = 5, .decay_share = 0};
  PoolOptions solve_rates;
  PricingOptions pricing;
  StopOptions stops;
  SourcesConfig sources;  // without traces
};

// Reads a file; paths in it are relative to its folder. Fails as read_pretrain_config() does.
Result<ReinforceConfig> read_reinforce_config(const std::filesystem::path& file);

}  // namespace melete::train
