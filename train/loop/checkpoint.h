// A run on disk: all that is needed to go on as if it had never stopped.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/error.h"
#include "model/model.h"
#include "optimiser/optimiser.h"

namespace melete::train {

struct Progress {
  int64_t step = 0;           // steps done
  int64_t tokens = 0;         // that were read in them
  uint64_t next_example = 0;  // of the mixture
  std::string memory;         // of the loop, as it likes; empty: none
};

// Writes weights, the optimiser's memory and `progress`, so that the file is at any moment the old
// one or the new, whole. Fails with StorageFull, and the old one stays.
Result<void> save_checkpoint(const std::filesystem::path& file, const Model& model,
                             const Optimiser& optimiser, const Progress& progress);

// Puts back what was saved. Fails with Corrupt where the file is damaged, and with Conflict, before
// anything is changed, where it is of a model with other weights.
Result<Progress> load_checkpoint(const std::filesystem::path& file, Model& model,
                                 Optimiser& optimiser);

// Puts back the weights alone, for a run that begins with them; an eye of a chosen side takes those
// of one with another side, see model/eye_positions.h. Fails as load_checkpoint() does.
Result<void> load_weights(const std::filesystem::path& file, Model& model);

}  // namespace melete::train
