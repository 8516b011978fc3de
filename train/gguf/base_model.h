// Open weights as a model to train on: a GGUF file of the families llama, qwen2 and qwen3, in any
// of the usual types, with what learns beside it: a low-rank adapter, an eye, an ear.

#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "base/error.h"
#include "model/model.h"

namespace melete::train {

struct BaseModelOptions {
  // Of matrices in memory: kBFloat16 takes two bytes for each number and kFloat four, whatever the
  // file has. That of the activations is quickest; quantised weights lose nothing in kFloat.
  torch::ScalarType type = torch::kFloat;
  AdapterConfig adapter;
  std::optional<VisionConfig> vision;  // a new eye; unset: none
  std::optional<SoundConfig> sound;    // a new ear; unset: none
  uint64_t seed = 1;                   // of what is new
  torch::Device device = torch::kCPU;  // of all weights
};

// Reads the whole file: seconds for each gigabyte that it takes in memory. Fails with NotFound,
// with Corrupt and, telling what could be loaded, with Unsupported.
Result<std::unique_ptr<Model>> load_base_model(const std::filesystem::path& file,
                                               const BaseModelOptions& options = {});

}  // namespace melete::train
