#include "model/config.h"

#include <fmt/format.h>

namespace melete::train {

namespace {

ModelConfig small() {
  return {.name = "S", .decoder = {}, .vision = VisionConfig{}, .sound = SoundConfig{}};
}

ModelConfig medium() {
  return {.name = "M",
          .decoder = {.width = 256,
                      .layers = 6,
                      .heads = 4,
                      .key_heads = 2,
                      .head_width = 64,
                      .feed_forward = 768},
          .vision = VisionConfig{.side = 160, .patch = 16, .width = 192},
          .sound = SoundConfig{.channels = 32, .width = 192}};
}

ModelConfig large() {
  return {.name = "L",
          .decoder = {.width = 512,
                      .layers = 10,
                      .heads = 8,
                      .key_heads = 4,
                      .head_width = 64,
                      .feed_forward = 1536},
          .vision = VisionConfig{.side = 224, .patch = 16, .width = 512},
          .sound = SoundConfig{.bands = 80, .channels = 64, .width = 512}};
}

}  // namespace

Result<ModelConfig> model_config(std::string_view name) {
  if (name == "S") return small();
  if (name == "M") return medium();
  if (name == "L") return large();
  return fail(ErrorCode::NotFound,
              fmt::format("There is no model size \"{}\": choose S, M or L.", name), "model.size");
}

MediaShape media_shape(const ModelConfig& config) {
  MediaShape shape{.side = 0, .picture_tokens = 0, .bands = 0};
  if (config.vision) {
    shape.side = static_cast<int>(config.vision->side);
    shape.picture_tokens = config.vision->tokens();
  }
  if (config.sound) shape.bands = static_cast<int>(config.sound->bands);
  return shape;
}

}  // namespace melete::train
