#include "gguf/import_model.h"

#include <fmt/format.h>

#include <utility>

#include "gguf/export_model.h"
#include "gguf/weight_file.h"
#include "models/gguf_file.h"

namespace melete::train {

namespace {

// Takes those weights of the model that are in this one of its files.
Result<void> take_weights(const std::filesystem::path& path, bool projector, Model& model) {
  Result<models::GgufFile> header = models::read_gguf(path);
  if (!header) return std::unexpected(header.error());
  WeightFile file(std::move(*header), path, torch::kFloat);
  const torch::NoGradGuard guard;
  for (const Parameter& parameter : model.parameters().all()) {
    if (in_projector(parameter.name) != projector) continue;
    const torch::Tensor read = file.read(parameter.name, parameter.value.sizes().vec());
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
