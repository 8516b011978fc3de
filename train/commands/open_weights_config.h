// Which open weights a run begins with, and what learns beside them.

#pragma once

#include <filesystem>
#include <string>

#include "commands/settings.h"
#include "model/config.h"

namespace melete::train {

struct OpenWeightsConfig {
  std::string model;  // a name of the catalogue, or a path: it has a '/' or ends in .gguf
  AdapterConfig adapter = {.rank = 16};
  bool merged = false;  // the model with the adapter in it is written too
};

// Reads the keys `model` and `merged` and the table [adapter]; paths are relative to `base`.
void read_open_weights(Section& root, const std::filesystem::path& base, OpenWeightsConfig& config);

}  // namespace melete::train
