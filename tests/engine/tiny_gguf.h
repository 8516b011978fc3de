// Writes small GGUF files with random weights, key by key and tensor by tensor.

#pragma once

#include <gguf.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace melete::engine {

// How the weights of a tensor spread.
struct Spread {
  float mean = 0;
  float deviation = 0;  // 0: one over the root of the row's length
  float factor = 1;     // of every weight, at the end
};

// Tensors are F32. The same seed and the same calls give the same file.
class TinyGguf {
 public:
  TinyGguf(const std::string& architecture, uint32_t seed);

  // Leaves out the tensor of this name when it is added later.
  void leave_out(std::string tensor) { left_out_ = std::move(tensor); }

  void set(const std::string& key, const std::string& value);
  void set(const std::string& key, uint32_t value);
  void set_float(const std::string& key, float value);
  void set_double(const std::string& key, double value);
  void set_flag(const std::string& key);
  void set_floats(const std::string& key, const std::vector<float>& values);
  void set_texts(const std::string& key, const std::vector<std::string>& values);
  void set_numbers(const std::string& key, const std::vector<int32_t>& values);

  // `shape` counts from the outermost side: {rows, columns}.
  void add(const std::string& tensor, std::vector<int64_t> shape, Spread spread = {});

  void write(const std::filesystem::path& path) const;

 private:
  struct GgufDeleter {
    void operator()(gguf_context* file) const { gguf_free(file); }
  };
  struct GgmlDeleter {
    void operator()(ggml_context* context) const { ggml_free(context); }
  };

  std::unique_ptr<gguf_context, GgufDeleter> file_;
  std::unique_ptr<ggml_context, GgmlDeleter> tensors_;
  std::mt19937 random_;
  std::string left_out_;
};

}  // namespace melete::engine
