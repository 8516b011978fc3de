#include "gguf/base_model.h"

#include <string>
#include <utility>
#include <vector>

#include "gguf/family.h"
#include "gguf/weight_file.h"
#include "models/gguf_file.h"

namespace melete::train {

Result<std::unique_ptr<Model>> load_base_model(const std::filesystem::path& file,
                                               const BaseModelOptions& options) {
  Result<models::GgufFile> header = models::read_gguf(file);
  if (!header) return std::unexpected(header.error());
  Result<DecoderConfig> config = decoder_config(*header);
  if (!config) return std::unexpected(config.error());
  config->adapter = options.adapter;
  WeightFile weights(std::move(*header), file, options.type);
  const WeightReader reader = [&](const std::string& name, const std::vector<int64_t>& shape) {
    return weights.read(name, shape);
  };
  const ModelConfig whole_config{
      .name = {}, .decoder = *config, .vision = options.vision, .sound = options.sound};
  auto model = std::make_unique<Model>(whole_config, reader, options.seed, options.device);
  if (const Result<void> whole = weights.finish(); !whole) return std::unexpected(whole.error());
  return model;
}

}  // namespace melete::train
