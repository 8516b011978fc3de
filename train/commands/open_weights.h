// Open weights at the beginning of a run that teaches them, and what it leaves at its end.

#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/error.h"
#include "commands/open_weights_config.h"
#include "commands/run_config.h"
#include "model/model.h"

namespace melete::train {

struct OpenWeights {
  std::filesystem::path file;
  std::unique_ptr<Model> model;
};

// Fails as finding the model, load_base_model() and reading it do, and with InvalidArgument, naming
// `length_key`, where it was made for fewer tokens than `length`.
Result<OpenWeights> load_open_weights(const OpenWeightsConfig& config, const WorkConfig& work,
                                      int64_t length, const std::string& length_key);

// Writes the adapter into the folder, the projector of a new eye and ear and, where that is wanted,
// the merged model. Fails as export_adapter(), which says what `reasoning_percent` is,
// export_projector() and export_merged() do.
Result<void> export_open_weights(const OpenWeights& weights, const OpenWeightsConfig& config,
                                 const std::filesystem::path& folder,
                                 int64_t reasoning_percent = 0);

// Where adapter and projector are, as a sentence for people.
std::string exported_adapter(const OpenWeightsConfig& config, const std::filesystem::path& folder);

}  // namespace melete::train
