// Writes what was learnt beside open weights: an adapter that the engine and llama.cpp lay over the
// same model, or the model with the adapter in it.

#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "model/model.h"

namespace melete::train {

// The adapter alone, as F32: a few megabytes for each hundred million weights. `name` is stated in
// the file, and so is how much of the model's reasoning it needs, in percent, where that was
// measured (not 0). Fails with StorageFull.
Result<void> export_adapter(const Model& model, const std::filesystem::path& file,
                            const std::string& name, int64_t reasoning_percent = 0);

// The whole model: `base`, which `model` was loaded from, with the maps that have an adapter
// changed and then stored as F16, and everything else as it is there. Takes the memory of both
// files. Fails with Corrupt where `base` cannot be read, with Conflict where it is another model's,
// and with StorageFull.
Result<void> export_merged(const Model& model, const std::filesystem::path& base,
                           const std::filesystem::path& file);

}  // namespace melete::train
