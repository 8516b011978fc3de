// Tiny models of each family with random weights, written to files in any type.

#pragma once

#include <ggml.h>

#include <filesystem>
#include <string>

#include "gguf/writer.h"

namespace melete::train {

struct FamilyFile {
  std::string family = "llama";    // or qwen2 or qwen3
  ggml_type type = GGML_TYPE_F32;  // of matrices
  // Stores what the type makes of the weights as F32: the same model for whoever unpacks it.
  bool unpacked = false;
  bool tied = false;      // without a head of its own
  std::string extra_key;  // a whole number under the family's prefix, e.g. "expert_count"
  std::string extra_tensor;
  std::string left_out;  // a tensor
};

inline constexpr int64_t kFamilyTokens = 96;  // of its vocabulary, which has no texts

// The same seed gives the same weights whatever their type.
void write_family_file(const std::filesystem::path& path, const FamilyFile& file);

}  // namespace melete::train
