// Answers of open weights by the engine, which computes from the file itself, many at a time, with
// the adapter that learns laid over it.
//
// Its numbers are near those of training, not the same: it multiplies by the weights as they are
// stored and rounds what it multiplies them with. A run tells the mean difference of
// log-probabilities as `sampler_gap`.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "model/model.h"
#include "reinforce/sampler.h"

namespace melete::train {

struct EngineRolloutsOptions {
  int rows = 64;                 // answers side by side
  int64_t context_tokens = 512;  // longest question and answer
  int64_t pool_tokens = 0;       // cells of all together; 0: rows times the context
  int threads = 0;               // 0: every core
};

// `base` is the file that `model`, which has an adapter and outlives this, was loaded from. Each
// call takes the adapter as it is by then, through a file in memory where the system has such.
// Fails as engine::RolloutWriter::load() does; calls fail as its write() does, and with
// StorageFull.
Result<std::unique_ptr<RolloutSource>> engine_rollouts(const Model& model,
                                                       const std::filesystem::path& base,
                                                       const EngineRolloutsOptions& options);

}  // namespace melete::train
