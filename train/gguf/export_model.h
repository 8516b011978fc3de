// Writes a model as the two files that the engine and llama.cpp load: the decoder with its
// vocabulary, and the projector with eye and ear.

#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "gguf/writer.h"
#include "model/model.h"

namespace melete::train {

struct ExportOptions {
  std::string name = "melete-nano";       // stated in the files
  WeightType matrices = WeightType::F16;  // of the decoder; the projector is small and stays F32
};

// The decoder: architecture "qwen3", tokenizer "rwkv", our chat template. Fails with StorageFull.
Result<void> export_decoder(const Model& model, const std::filesystem::path& file,
                            const ExportOptions& options = {});

// Eye ("gemma3") and ear ("qwen3a") without encoder layers, of which the model has at least one.
// Fails with StorageFull.
Result<void> export_projector(const Model& model, const std::filesystem::path& file,
                              const ExportOptions& options = {});

// Which of the two files has the weight of this name.
bool in_projector(const std::string& weight);

}  // namespace melete::train
