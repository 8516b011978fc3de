// The weights of a GGUF file as tensors.

#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "models/gguf_file.h"

namespace melete::train {

// Quantised weights are unpacked by ggml's own functions. The first thing that is wrong is kept
// until finish(), so that whoever builds a model from the file need not look after each weight.
//
// Not thread-safe.
class WeightFile {
 public:
  // `header` is that of `file`; matrices become `type`, kFloat or kBFloat16.
  WeightFile(models::GgufFile header, std::filesystem::path file, torch::ScalarType type);

  // The tensor of a name; `shape` counts from the outermost side. A vector is always float. After
  // something went wrong an undefined tensor.
  torch::Tensor read(const std::string& name, const std::vector<int64_t>& shape);

  // The sides of a tensor, from the outermost; nothing where there is none of the name.
  std::optional<std::vector<int64_t>> shape_of(const std::string& name) const;

  // To be called last. Fails with Unsupported where a tensor was missing, of another shape or of an
  // unknown type, or was never asked for, and with Corrupt where the file could not be read.
  Result<void> finish() const;

 private:
  const models::GgufTensor* find(const std::string& name) const;
  Result<const models::GgufTensor*> find(const std::string& name,
                                         const std::vector<int64_t>& shape) const;
  Result<torch::Tensor> load(const std::string& name, const std::vector<int64_t>& shape);

  models::GgufFile header_;
  std::filesystem::path file_;
  torch::ScalarType type_;
  std::ifstream in_;
  std::set<std::string, std::less<>> read_;
  std::optional<Error> problem_;
};

}  // namespace melete::train
