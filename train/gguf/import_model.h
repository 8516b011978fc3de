// Takes a model of ours up again from the two files that it was written as.

#pragma once

#include <filesystem>

#include "base/error.h"
#include "model/model.h"

namespace melete::train {

// Gives `model` the weights of the files, as exactly as they have them: F16 for matrices. An eye of
// a chosen side takes those of one with another side, see model/eye_positions.h. Fails with
// NotFound and Corrupt, and with Conflict where they are of another size; the model is then of no
// more use.
Result<void> import_model(Model& model, const std::filesystem::path& decoder,
                          const std::filesystem::path& projector);

}  // namespace melete::train
