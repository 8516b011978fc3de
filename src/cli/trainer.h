// The program melete-train, which tuning jobs run.

#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/error.h"

namespace melete::cli {

// The file that was named, else melete-train beside this program; empty where there is none. A name
// without a file that can be run is NotFound.
Result<std::filesystem::path> find_trainer(const std::optional<std::string>& named);

}  // namespace melete::cli
