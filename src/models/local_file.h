// Brings a file of this machine into the model directory.

#pragma once

#include <filesystem>

#include "base/error.h"
#include "models/fetch.h"
#include "models/partial_file.h"

namespace melete::models {

// Fills `file` with a copy of `source`. Fails with NotFound, StorageFull or Cancelled.
Result<void> copy_local_file(const std::filesystem::path& source, PartialFile& file,
                             FetchContext& context);

}  // namespace melete::models
