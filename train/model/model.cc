#include "model/model.h"

#include "base/check.h"

namespace melete::train {

Model::Model(const ModelConfig& config, uint64_t seed, torch::Device device)
    : config_(config),
      device_(device),
      parameters_(seed, device),
      decoder_(config.decoder, parameters_) {
  constexpr double kNewEmbeddings = 1;
  add_senses(kNewEmbeddings);
}

Model::Model(const ModelConfig& config, const WeightReader& reader, uint64_t seed,
             torch::Device device)
    : config_(config),
      device_(device),
      parameters_(seed, device, reader),
      decoder_(config.decoder, parameters_) {
  parameters_.stop_reading();
  if (config.vision || config.sound) add_senses(decoder_.embedding_scale());
}

void Model::add_senses(double embedding_scale) {
  const StemTarget target{.width = config_.decoder.width, .scale = embedding_scale};
  if (config_.vision) {
    vision_.emplace(*config_.vision, target, config_.decoder.norm_epsilon, parameters_);
  }
  if (config_.sound) sound_.emplace(*config_.sound, target, parameters_);
}

torch::Tensor Model::hidden(const Batch& batch, KeyValueCache* cache) const {
  const torch::Tensor text = decoder_.embed(batch.tokens, batch.type);
  torch::Tensor rows = text.flatten(0, 1);
  if (batch.pixels.size(0) > 0) {
    MELETE_CHECK(vision_, "a model that is shown pictures has an eye");
    rows = rows.index_copy(0, batch.picture_places, vision_->run(batch.pixels, batch.type));
  }
  if (batch.spectrograms.size(0) > 0) {
    MELETE_CHECK(sound_, "a model that is given sounds has an ear");
    rows = rows.index_copy(0, batch.sound_places, sound_->run(batch.spectrograms, batch.type));
  }
  return decoder_.run(rows.view(text.sizes()), batch.layout, cache);
}

torch::Tensor Model::log_probabilities(const Batch& batch, const torch::Tensor& places,
                                       KeyValueCache* cache) const {
  const torch::Tensor read = hidden(batch, cache).flatten(0, 1).index_select(0, places);
  return torch::log_softmax(decoder_.logits(read), -1);
}

torch::Tensor Model::loss(const Batch& batch) const {
  return torch::nll_loss(log_probabilities(batch, batch.taught_places), batch.targets);
}

}  // namespace melete::train
