// The projector's file: what llama.cpp's mtmd wants to know about an eye and an ear that have no
// encoder layers. It reads every key below, also those that say there is nothing.

#include <fmt/format.h>

#include <array>

#include "gguf/export_model.h"

namespace melete::train {

namespace {

void set_sense(GgufWriter& file, const std::string& sense, const std::string& type) {
  file.set(fmt::format("clip.has_{}_encoder", sense), true);
  const std::string prefix = fmt::format("clip.{}.", sense);
  file.set(prefix + "projector_type", type);
  for (const char* count : {"feed_forward_length", "block_count", "attention.head_count"}) {
    file.set(prefix + count, int64_t{0});
  }
}

void set_eye(GgufWriter& file, const VisionConfig& eye, const DecoderConfig& decoder) {
  set_sense(file, "vision", "gemma3");
  file.set("clip.vision.embedding_length", eye.width);
  file.set("clip.vision.projection_dim", decoder.width);
  file.set("clip.vision.attention.layer_norm_epsilon", decoder.norm_epsilon);
  file.set("clip.vision.image_size", eye.side);
  file.set("clip.vision.patch_size", eye.patch);
  file.set("clip.vision.projector.scale_factor", eye.pool);
  constexpr std::array kHalf = {0.5F, 0.5F, 0.5F};
  file.set("clip.vision.image_mean", kHalf);
  file.set("clip.vision.image_std", kHalf);
}

void set_ear(GgufWriter& file, const SoundConfig& ear, const DecoderConfig& decoder) {
  set_sense(file, "audio", "qwen3a");
  file.set("clip.audio.embedding_length", ear.width);
  file.set("clip.audio.projection_dim", decoder.width);
  file.set("clip.audio.attention.layer_norm_epsilon", decoder.norm_epsilon);
  file.set("clip.audio.num_mel_bins", ear.bands);
}

}  // namespace

bool in_projector(const std::string& weight) {
  return weight.starts_with("v.") || weight.starts_with("a.") || weight.starts_with("mm.");
}

Result<void> export_projector(const Model& model, const std::filesystem::path& file,
                              const ExportOptions& options) {
  GgufWriter writer("clip");
  writer.set("general.type", "mmproj");
  writer.set("general.name", options.name);
  const ModelConfig& config = model.config();
  if (config.vision) set_eye(writer, *config.vision, config.decoder);
  if (config.sound) set_ear(writer, *config.sound, config.decoder);
  for (const Parameter& parameter : model.parameters().all()) {
    if (!in_projector(parameter.name)) continue;
    writer.add(parameter.name, parameter.value, WeightType::F32);
  }
  return writer.write(file);
}

}  // namespace melete::train
