// Open weights as a model to train on: a GGUF file of the families llama, qwen2 and qwen3, in any
// of the usual types, with a low-rank adapter that learns beside it.

#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "model/model.h"

namespace melete::train {

struct BaseModelOptions {
  // Of matrices in memory: kBFloat16 takes two bytes for each number and kFloat four, whatever the
  // file has. That of the activations is quickest; quantised weights lose nothing in kFloat.
  torch::ScalarType type = torch::kFloat;
  AdapterConfig adapter;
  uint64_t seed = 1;                   // of the adapter
  torch::Device device = torch::kCPU;  // of weights and adapter
};

// Reads the whole file: seconds for each gigabyte that it takes in memory. Fails with NotFound,
// with Corrupt and, telling what could be loaded, with Unsupported.
Result<std::unique_ptr<Model>> load_base_model(const std::filesystem::path& file,
                                               const BaseModelOptions& options = {});

}  // namespace melete::train
