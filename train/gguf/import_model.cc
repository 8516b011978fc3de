#include "gguf/import_model.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "gguf/export_model.h"
#include "gguf/weight_file.h"
#include "model/eye_positions.h"
#include "models/gguf_file.h"

namespace melete::train {

namespace {

// A weight as the model has it.
torch::Tensor read_weight(WeightFile& file, const Parameter& parameter, const ModelConfig& config) {
  const std::vector<int64_t> shape = parameter.value.sizes().vec();
  const auto there = file.shape_of(parameter.name);
  if (!there || !may_stretch(config, parameter, *there)) return file.read(parameter.name, shape);
  const torch::Tensor read = file.read(parameter.name, *there);
  return read.defined() ? stretched(read, shape.front()) : read;
}

// Takes those weights of the model that are in this one of its files.
Result<void> take_weights(const std::filesystem::path& path, bool projector, Model& model) {
  Result<models::GgufFile> header = models::read_gguf(path);
  if (!header) return std::unexpected(header.error());
  WeightFile file(std::move(*header), path, torch::kFloat);
  const torch::NoGradGuard guard;
  for (const Parameter& parameter : model.parameters().all()) {
    if (in_projector(parameter.name) != projector) continue;
    const torch::Tensor read = read_weight(file, parameter, model.config());
    if (read.defined()) torch::Tensor(parameter.value).copy_(read);
  }
  const Result<void> whole = file.finish();
  if (whole || whole.error().code == ErrorCode::Corrupt) return whole;
  return fail(ErrorCode::Conflict,
              fmt::format("{} is no model of ours of this size: choose the size it was made with.",
                          path.string()),
              path.string());
}

}  // namespace

Result<void> import_model(Model& model, const std::filesystem::path& decoder,
                          const std::filesystem::path& projector) {
  Result<void> taken = take_weights(decoder, false, model);
  return taken ? take_weights(projector, true, model) : taken;
}

}  // namespace melete::train
