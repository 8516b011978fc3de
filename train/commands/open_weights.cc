#include "commands/open_weights.h"

#include <fmt/format.h>

#include <utility>

#include "commands/run_setup.h"
#include "gguf/base_model.h"
#include "gguf/export_adapter.h"
#include "gguf/export_model.h"
#include "models/model_library.h"

namespace melete::train {

namespace {

Result<std::filesystem::path> find_model(const std::string& name) {
  const Result<models::ModelLibrary> library = models::ModelLibrary::open();
  if (!library) return std::unexpected(library.error());
  const Result<models::ModelFiles> files = library->resolve(name);
  if (!files) return std::unexpected(files.error());
  return files->model;
}

}  // namespace

Result<OpenWeights> load_open_weights(const OpenWeightsConfig& config, const WorkConfig& work,
                                      int64_t length, const std::string& length_key) {
  const Result<std::filesystem::path> file = find_model(config.model);
  if (!file) return std::unexpected(file.error());
  const Result<torch::Device> device = choose_device(work.device);
  if (!device) return std::unexpected(device.error());
  Result<std::unique_ptr<Model>> model =
      load_base_model(*file, {.type = activation_type(work.precision, *device),
                              .adapter = config.adapter,
                              .vision = config.vision,
                              .sound = config.sound,
                              .seed = work.seed,
                              .device = *device});
  if (!model) return std::unexpected(model.error());
  const int64_t context = (*model)->config().decoder.context;
  if (length > context) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("{} is {} and the model was made for {} tokens: lower it.", length_key,
                            length, context),
                length_key);
  }
  return OpenWeights{*file, std::move(*model)};
}

Result<void> export_open_weights(const OpenWeights& weights, const OpenWeightsConfig& config,
                                 const std::filesystem::path& folder, int64_t reasoning_percent) {
  const std::string name = folder.filename().string();
  Result<void> written =
      export_adapter(*weights.model, folder / kAdapterFile, name, reasoning_percent);
  if (written && config.merged) {
    written = export_merged(*weights.model, weights.file, folder / kMergedFile);
  }
  const bool senses = config.vision || config.sound;
  if (!written || !senses) return written;
  return export_projector(*weights.model, folder / kAdapterProjectorFile, {.name = name});
}

std::string exported_adapter(const OpenWeightsConfig& config, const std::filesystem::path& folder) {
  const bool senses = config.vision || config.sound;
  return fmt::format("The adapter to {} is {}{}.\n", config.model, (folder / kAdapterFile).string(),
                     senses ? ", its projector " + (folder / kAdapterProjectorFile).string() : "");
}

}  // namespace melete::train
