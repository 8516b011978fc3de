#include "engine/tiny_gguf.h"

#include <ggml.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace melete::engine {

namespace {

constexpr size_t kTensorBytes = size_t{16} << 20;

}  // namespace

TinyGguf::TinyGguf(const std::string& architecture, uint32_t seed)
    : file_(gguf_init_empty()),
      tensors_(ggml_init({.mem_size = kTensorBytes, .mem_buffer = nullptr, .no_alloc = false})),
      random_(seed) {
  set("general.architecture", architecture);
}

void TinyGguf::set(const std::string& key, const std::string& value) {
  gguf_set_val_str(file_.get(), key.c_str(), value.c_str());
}

void TinyGguf::set(const std::string& key, uint32_t value) {
  gguf_set_val_u32(file_.get(), key.c_str(), value);
}

void TinyGguf::set_float(const std::string& key, float value) {
  gguf_set_val_f32(file_.get(), key.c_str(), value);
}

void TinyGguf::set_double(const std::string& key, double value) {
  gguf_set_val_f64(file_.get(), key.c_str(), value);
}

void TinyGguf::set_flag(const std::string& key) {
  gguf_set_val_bool(file_.get(), key.c_str(), true);
}

void TinyGguf::set_floats(const std::string& key, const std::vector<float>& values) {
  gguf_set_arr_data(file_.get(), key.c_str(), GGUF_TYPE_FLOAT32, values.data(), values.size());
}

void TinyGguf::set_texts(const std::string& key, const std::vector<std::string>& values) {
  std::vector<const char*> pointers;
  for (const std::string& value : values) pointers.push_back(value.c_str());
  gguf_set_arr_str(file_.get(), key.c_str(), pointers.data(), pointers.size());
}

void TinyGguf::set_numbers(const std::string& key, const std::vector<int32_t>& values) {
  gguf_set_arr_data(file_.get(), key.c_str(), GGUF_TYPE_INT32, values.data(), values.size());
}

void TinyGguf::add(const std::string& tensor, std::vector<int64_t> shape, Spread spread) {
  if (tensor == left_out_) return;
  std::ranges::reverse(shape);
  ggml_tensor* weights =
      ggml_new_tensor(tensors_.get(), GGML_TYPE_F32, static_cast<int>(shape.size()), shape.data());
  ggml_set_name(weights, tensor.c_str());
  const float deviation =
      spread.deviation > 0 ? spread.deviation : 1 / std::sqrt(static_cast<float>(shape.front()));
  std::normal_distribution<float> normal(spread.mean, deviation);
  auto* values = static_cast<float*>(weights->data);
  std::generate_n(values, ggml_nelements(weights), [&] { return spread.factor * normal(random_); });
  gguf_add_tensor(file_.get(), weights);
}

void TinyGguf::write(const std::filesystem::path& path) const {
  if (!gguf_write_to_file(file_.get(), path.c_str(), false)) {
    throw std::runtime_error("cannot write " + path.string());
  }
}

}  // namespace melete::engine
