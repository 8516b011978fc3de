// Which open weights a run begins with, and what learns beside them.

#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "commands/settings.h"
#include "model/config.h"

namespace melete::train {

struct OpenWeightsConfig {
  std::string model;  // a name of the catalogue, or a path: it has a '/' or ends in .gguf
  AdapterConfig adapter = {.rank = 16};
  std::optional<VisionConfig> vision;  // a new eye that learns with the adapter; unset: none
  std::optional<SoundConfig> sound;    // and a new ear
  bool merged = false;                 // the model with the adapter in it is written too
};

// Reads the keys `model` and `merged` and the table [adapter]; paths are relative to `base`.
void read_open_weights(Section& root, const std::filesystem::path& base, OpenWeightsConfig& config);

// Reads the keys `eye` and `ear`, each the size of a model of ours that has such a one.
void read_senses(Section& root, OpenWeightsConfig& config);

}  // namespace melete::train
