// Writes GGUF files through ggml's own writer, from keys and tensors.

#pragma once

#include <gguf.h>
#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/error.h"

namespace melete::train {

enum class WeightType { F32, F16 };  // of matrices; everything else is F32

// Not thread-safe.
class GgufWriter {
 public:
  explicit GgufWriter(const std::string& architecture);

  void set(const std::string& key, const std::string& value);
  void set(const std::string& key, const char* value) { set(key, std::string(value)); }
  void set(const std::string& key, int64_t value);  // as 32 bits without a sign
  void set(const std::string& key, double value);   // as 32 bits
  void set(const std::string& key, bool value);
  void set(const std::string& key, std::span<const std::string> values);
  void set(const std::string& key, std::span<const int32_t> values);
  void set(const std::string& key, std::span<const float> values);

  // Takes over every key of another file but for its alignment: ours is the usual one.
  void copy_keys(const gguf_context* other);

  // Adds a copy of a tensor of up to four dimensions, the outermost first.
  void add(const std::string& name, const torch::Tensor& tensor, WeightType type);

  // Adds a tensor of any type as it is; its data have to stay until the file is written.
  void add(const ggml_tensor* tensor);

  // Writes the file in one step: a reader sees the old file or the new. Fails with StorageFull.
  Result<void> write(const std::filesystem::path& file) const;

 private:
  struct GgufDeleter {
    void operator()(gguf_context* file) const { gguf_free(file); }
  };
  struct GgmlDeleter {
    void operator()(ggml_context* context) const { ggml_free(context); }
  };

  std::unique_ptr<gguf_context, GgufDeleter> file_;
  std::unique_ptr<ggml_context, GgmlDeleter> shapes_;  // names, types and sizes of tensors
  std::vector<torch::Tensor> weights_;                 // their data, until the file is written
};

}  // namespace melete::train
