#include "gguf/writer.h"

#include <fmt/format.h>
#include <ggml.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <system_error>

namespace melete::train {

namespace {

constexpr size_t kMostTensors = 4096;

// What was not written to the disk is told by some file systems only at its closing.
bool write_whole(const gguf_context* file, const std::filesystem::path& path) {
  FILE* out = std::fopen(path.c_str(), "wb");
  if (out == nullptr) return false;
  const bool written = gguf_write_to_file_ptr(file, out, false) && std::fflush(out) == 0 &&
                       ::fsync(::fileno(out)) == 0;
  return std::fclose(out) == 0 && written;
}

}  // namespace

GgufWriter::GgufWriter(const std::string& architecture)
    : file_(gguf_init_empty()),
      shapes_(ggml_init({.mem_size = kMostTensors * ggml_tensor_overhead(),
                         .mem_buffer = nullptr,
                         .no_alloc = true})) {
  set("general.architecture", architecture);
}

void GgufWriter::set(const std::string& key, const std::string& value) {
  gguf_set_val_str(file_.get(), key.c_str(), value.c_str());
}

void GgufWriter::set(const std::string& key, int64_t value) {
  gguf_set_val_u32(file_.get(), key.c_str(), static_cast<uint32_t>(value));
}

void GgufWriter::set(const std::string& key, double value) {
  gguf_set_val_f32(file_.get(), key.c_str(), static_cast<float>(value));
}

void GgufWriter::set(const std::string& key, bool value) {
  gguf_set_val_bool(file_.get(), key.c_str(), value);
}

void GgufWriter::set(const std::string& key, std::span<const std::string> values) {
  std::vector<const char*> pointers;
  for (const std::string& value : values) pointers.push_back(value.c_str());
  gguf_set_arr_str(file_.get(), key.c_str(), pointers.data(), pointers.size());
}

void GgufWriter::set(const std::string& key, std::span<const int32_t> values) {
  gguf_set_arr_data(file_.get(), key.c_str(), GGUF_TYPE_INT32, values.data(), values.size());
}

void GgufWriter::set(const std::string& key, std::span<const float> values) {
  gguf_set_arr_data(file_.get(), key.c_str(), GGUF_TYPE_FLOAT32, values.data(), values.size());
}

void GgufWriter::copy_keys(const gguf_context* other) {
  gguf_set_kv(file_.get(), other);
  gguf_remove_key(file_.get(), GGUF_KEY_GENERAL_ALIGNMENT);
}

void GgufWriter::add(const std::string& name, const torch::Tensor& tensor, WeightType type) {
  const bool half = type == WeightType::F16;
  std::vector<int64_t> sides(tensor.sizes().rbegin(), tensor.sizes().rend());
  ggml_tensor* shape = ggml_new_tensor(shapes_.get(), half ? GGML_TYPE_F16 : GGML_TYPE_F32,
                                       static_cast<int>(sides.size()), sides.data());
  ggml_set_name(shape, name.c_str());
  weights_.push_back(
      tensor.detach().to(torch::kCPU, half ? torch::kHalf : torch::kFloat).contiguous().clone());
  gguf_add_tensor(file_.get(), shape);
  gguf_set_tensor_data(file_.get(), name.c_str(), weights_.back().data_ptr());
}

void GgufWriter::add(const ggml_tensor* tensor) {
  gguf_add_tensor(file_.get(), tensor);
}

Result<void> GgufWriter::write(const std::filesystem::path& file) const {
  std::filesystem::path part = file;
  part += ".part";
  std::error_code problem;
  if (write_whole(file_.get(), part)) {
    std::filesystem::rename(part, file, problem);
    if (!problem) return {};
  }
  std::filesystem::remove(part, problem);
  return fail(ErrorCode::StorageFull,
              fmt::format("{} cannot be written: the disk is full, or the folder is missing or not "
                          "writable.",
                          file.string()),
              file.string());
}

}  // namespace melete::train
