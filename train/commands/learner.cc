#include "commands/learner.h"

#include <utility>

#include "commands/run_setup.h"
#include "tuning/chat_language.h"

namespace melete::train {

namespace {

bool is_open(const ReinforceConfig& config) {
  return !config.base.model.empty();
}

}  // namespace

Result<Learner> make_learner(const ReinforceConfig& config) {
  if (!is_open(config)) {
    const Result<torch::Device> device = choose_device(config.device);
    if (!device) return std::unexpected(device.error());
    return Learner{{{}, std::make_unique<Model>(config.model, config.seed, *device)},
                   std::make_unique<OwnLanguage>(media_shape(config.model))};
  }
  Result<OpenWeights> weights =
      load_open_weights(config.base, config, config.most_tokens, "batch.most_tokens");
  if (!weights) return std::unexpected(weights.error());
  Result<std::unique_ptr<const Language>> language = chat_language(weights->file);
  if (!language) return std::unexpected(language.error());
  return Learner{std::move(*weights), std::move(*language)};
}

Result<void> take_up_start(const ReinforceConfig& config, const Learner& learner) {
  return is_open(config) ? Result<void>() : load_start(config.start, learner.model());
}

Result<void> export_learner(const ReinforceConfig& config, const Learner& learner) {
  if (is_open(config)) return export_open_weights(learner.weights, config.base, config.folder);
  return export_files(learner.model(), config.folder);
}

std::string exported_learner(const ReinforceConfig& config) {
  return is_open(config) ? exported_adapter(config.base, config.folder)
                         : exported_files(config.folder);
}

}  // namespace melete::train
