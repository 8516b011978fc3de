// What `--adapter` says: a LoRA's file, its name, and whose it is.

#pragma once

#include <string>

#include "base/error.h"
#include "models/adapter.h"

namespace melete::cli {

struct AdapterOption {
  std::string model;  // the name of the model that it adapts; empty: the first one that is loaded
  models::AdapterFile adapter;
};

// Reads `FILE`, `NAME=FILE` or `MODEL:NAME=FILE`; without a name the adapter has that of its file.
// InvalidArgument where no file is named, or the name is none: letters, digits, '.', '-' and '_',
// and not that of a mode.
Result<AdapterOption> read_adapter_option(const std::string& text);

}  // namespace melete::cli
