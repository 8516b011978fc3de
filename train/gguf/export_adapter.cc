#include "gguf/export_adapter.h"

#include <fmt/format.h>
#include <ggml.h>
#include <torch/types.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "gguf/writer.h"

namespace melete::train {

namespace {

struct GgmlDeleter {
  void operator()(ggml_context* context) const { ggml_free(context); }
};

struct GgufDeleter {
  void operator()(gguf_context* file) const { gguf_free(file); }
};

// A file with all its tensors in memory.
struct OpenFile {
  std::unique_ptr<ggml_context, GgmlDeleter> tensors;
  std::unique_ptr<gguf_context, GgufDeleter> keys;
};

OpenFile open_file(const std::filesystem::path& path) {
  ggml_context* tensors = nullptr;
  gguf_context* keys = gguf_init_from_file(path.c_str(), {.no_alloc = false, .ctx = &tensors});
  OpenFile file;
  file.tensors.reset(tensors);
  file.keys.reset(keys);
  return file;
}

const Parameter* find(const std::vector<Parameter>& parameters, const std::string& name) {
  const auto found = std::ranges::find(parameters, name, &Parameter::name);
  return found == parameters.end() ? nullptr : &*found;
}

// A weight with what its adapter adds; undefined where it has none.
torch::Tensor merged(const Model& model, const std::string& name) {
  const auto& learning = model.parameters().all();
  const Parameter* inwards = find(learning, name + ".lora_a");
  const Parameter* outwards = find(learning, name + ".lora_b");
  const Parameter* weight = find(model.parameters().frozen(), name);
  if (inwards == nullptr || outwards == nullptr || weight == nullptr) return {};
  const AdapterConfig& adapter = model.config().decoder.adapter;
  const torch::NoGradGuard guard;
  return weight->value.to(torch::kFloat) + torch::matmul(outwards->value, inwards->value) *
                                               (adapter.alpha / static_cast<double>(adapter.rank));
}

bool same_sides(const ggml_tensor& one, const torch::Tensor& other) {
  return other.dim() == 2 && one.ne[0] == other.size(1) && one.ne[1] == other.size(0);
}

std::unexpected<Error> another_model(const std::filesystem::path& base, const std::string& tensor) {
  return fail(ErrorCode::Conflict,
              fmt::format("{} is not the model that the adapter was made for: its tensor {} is "
                          "missing or has another shape.",
                          base.string(), tensor),
              base.string());
}

}  // namespace

Result<void> export_adapter(const Model& model, const std::filesystem::path& file,
                            const std::string& name, int64_t reasoning_percent) {
  const DecoderConfig& config = model.config().decoder;
  GgufWriter writer(config.architecture);
  writer.set("general.type", "adapter");
  writer.set("general.name", name);
  writer.set("adapter.type", "lora");
  writer.set("adapter.lora.alpha", config.adapter.alpha);
  if (reasoning_percent > 0) {
    writer.set("melete.compression.reasoning_percent", reasoning_percent);
  }
  for (const Parameter& parameter : model.parameters().all()) {
    if (parameter.role != Role::Factor) continue;
    writer.add(parameter.name, parameter.value, WeightType::F32);
  }
  return writer.write(file);
}

Result<void> export_merged(const Model& model, const std::filesystem::path& base,
                           const std::filesystem::path& file) {
  constexpr int64_t kMostlyF16 = 1;  // llama.cpp's number for such files
  const OpenFile open = open_file(base);
  if (!open.keys || !open.tensors) {
    return fail(ErrorCode::Corrupt, fmt::format("{} cannot be read.", base.string()),
                base.string());
  }
  GgufWriter writer(model.config().decoder.architecture);
  writer.copy_keys(open.keys.get());
  writer.set("general.file_type", kMostlyF16);
  for (const Parameter& weight : model.parameters().frozen()) {
    const ggml_tensor* there = ggml_get_tensor(open.tensors.get(), weight.name.c_str());
    if (there == nullptr) return another_model(base, weight.name);
    const torch::Tensor changed = merged(model, weight.name);
    if (!changed.defined()) {
      writer.add(there);
    } else if (same_sides(*there, changed)) {
      writer.add(weight.name, changed, WeightType::F16);
    } else {
      return another_model(base, weight.name);
    }
  }
  return writer.write(file);
}

}  // namespace melete::train
