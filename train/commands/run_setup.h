// What every run that changes a model does at its beginning and its end.

#pragma once

#include <torch/types.h>

#include <filesystem>
#include <string>

#include "base/error.h"
#include "commands/run_config.h"
#include "model/model.h"

namespace melete::train {

// How many threads compute from now on; 0: every core.
void use_threads(int threads);

// Where the models of a process compute; `rank` chooses among several GPUs. Fails with Unavailable
// where a GPU is asked for and there is none.
Result<torch::Device> choose_device(DeviceChoice choice, int rank = 0);

torch::ScalarType activation_type(Precision precision, torch::Device device);

// Fails with StorageFull.
Result<void> make_folder(const std::filesystem::path& folder);

// Takes the weights of another run by its folder: those of its checkpoint, else of its model's
// files. Fails with NotFound where there is neither, and as load_weights() and import_model() do.
Result<void> load_start(const std::filesystem::path& start, Model& model);

// Writes the model's two files. Fails with StorageFull.
Result<void> export_files(const Model& model, const std::filesystem::path& folder);

// Where they are, as a sentence for people.
std::string exported_files(const std::filesystem::path& folder);

}  // namespace melete::train
