// LoRA adapters with random weights, written to files.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace melete::engine {

// By default of the small real model, smollm2-135m.
struct RandomAdapter {
  std::string architecture = "llama";
  uint32_t seed = 1;
  float strength = 1;  // 0: the model with it is the model
  int64_t width = 576;
  int64_t queries = 576;                 // rows of attn_q.weight
  std::string tensor = "attn_q.weight";  // that is changed in the first layers
  bool alpha_is_double = false;          // which ends a process that reads it
};

// Changes one matrix in each of the first two layers, by a rank of 8.
void write_random_adapter(const std::filesystem::path& path, const RandomAdapter& adapter = {});

}  // namespace melete::engine
