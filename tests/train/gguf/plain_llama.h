// What llama.cpp itself says: its own kernels, a cache of floats, nothing of the engine's.

#pragma once

#include <llama-cpp.h>
#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace melete::train {

class PlainLlama {
 public:
  // A model, and an adapter to it unless that is empty. A test fails where they cannot be loaded.
  explicit PlainLlama(const std::filesystem::path& model,
                      const std::filesystem::path& adapter = {});

  std::vector<int32_t> tokens_of(const std::string& text) const;

  // Log-probabilities of the vocabulary after each token: (tokens, vocabulary).
  torch::Tensor log_probabilities(const std::vector<int32_t>& tokens) const;

 private:
  llama_model_ptr model_;
  llama_context_ptr context_;
  llama_adapter_lora_ptr adapter_;
};

}  // namespace melete::train
