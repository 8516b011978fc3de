#include "train/gguf/family_file.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

namespace melete::train {

namespace {

// Rows of whole blocks of 256; two queries for each key, so that grouping shows.
constexpr int64_t kWidth = 256;
constexpr int64_t kLayers = 2;
constexpr int64_t kHeads = 4;
constexpr int64_t kKeyHeads = 2;
constexpr int64_t kHeadWidth = 64;
constexpr int64_t kFeedForward = 512;
constexpr size_t kMemory = size_t{32} << 20;

class Builder {
 public:
  explicit Builder(const FamilyFile& file)
      : file_(file),
        writer_(file.family),
        tensors_(ggml_init({.mem_size = kMemory, .mem_buffer = nullptr, .no_alloc = false})) {}

  void set_keys() {
    const auto set = [&](const char* key, auto value) {
      writer_.set(fmt::format("{}.{}", file_.family, key), value);
    };
    set("context_length", int64_t{512});
    set("embedding_length", kWidth);
    set("block_count", kLayers);
    set("feed_forward_length", kFeedForward);
    set("attention.head_count", kHeads);
    set("attention.head_count_kv", kKeyHeads);
    set("attention.layer_norm_rms_epsilon", 1e-5);
    set("rope.freq_base", 50000.0);
    set("vocab_size", kFamilyTokens);
    writer_.set("tokenizer.ggml.model", "no_vocab");
    if (!file_.extra_key.empty()) set(file_.extra_key.c_str(), int64_t{2});
  }

  void add_weights() {
    matrix("token_embd", kFamilyTokens, kWidth, 1);
    for (int64_t layer = 0; layer < kLayers; ++layer) add_block(fmt::format("blk.{}.", layer));
    vector("output_norm.weight", kWidth, 1);
    if (!file_.tied) matrix("output", kFamilyTokens, kWidth, 1 / std::sqrt(kWidth));
    if (!file_.extra_tensor.empty()) vector(file_.extra_tensor, kHeadWidth / 2, 1);
  }

  void write(const std::filesystem::path& path) const {
    const Result<void> written = writer_.write(path);
    ASSERT_TRUE(written) << written.error().message;
  }

 private:
  void add_block(const std::string& block) {
    vector(block + "attn_norm.weight", kWidth, 1);
    projection(block + "attn_q", kHeads * kHeadWidth, kWidth);
    projection(block + "attn_k", kKeyHeads * kHeadWidth, kWidth);
    projection(block + "attn_v", kKeyHeads * kHeadWidth, kWidth);
    if (file_.family == "qwen2") {
      vector(block + "attn_q.bias", kHeads * kHeadWidth, 0);
      vector(block + "attn_k.bias", kKeyHeads * kHeadWidth, 0);
      vector(block + "attn_v.bias", kKeyHeads * kHeadWidth, 0);
    }
    if (file_.family == "qwen3") {
      vector(block + "attn_q_norm.weight", kHeadWidth, 1);
      vector(block + "attn_k_norm.weight", kHeadWidth, 1);
    }
    projection(block + "attn_output", kWidth, kHeads * kHeadWidth);
    vector(block + "ffn_norm.weight", kWidth, 1);
    projection(block + "ffn_gate", kFeedForward, kWidth);
    projection(block + "ffn_up", kFeedForward, kWidth);
    projection(block + "ffn_down", kWidth, kFeedForward);
  }

  void projection(const std::string& name, int64_t rows, int64_t columns) {
    matrix(name, rows, columns, 1 / std::sqrt(static_cast<double>(columns)));
  }

  std::vector<float> random(int64_t count, double mean, double deviation) {
    std::normal_distribution<double> normal(mean, deviation);
    std::vector<float> numbers(count);
    for (float& number : numbers) number = static_cast<float>(normal(random_));
    return numbers;
  }

  void vector(const std::string& name, int64_t count, double mean) {
    const std::vector<float> numbers = random(count, mean, 0.2);
    add(name, ggml_new_tensor_1d(tensors_.get(), GGML_TYPE_F32, count), numbers);
  }

  void matrix(const std::string& name, int64_t rows, int64_t columns, double deviation) {
    const std::vector<float> numbers = random(rows * columns, 0, deviation);
    ggml_tensor* packed = ggml_new_tensor_2d(tensors_.get(), file_.type, columns, rows);
    ggml_quantize_chunk(file_.type, numbers.data(), packed->data, 0, rows, columns, nullptr);
    if (!file_.unpacked || file_.type == GGML_TYPE_F32) return add(name + ".weight", packed, {});
    std::vector<float> seen(numbers.size());
    ggml_get_type_traits(file_.type)->to_float(packed->data, seen.data(), rows * columns);
    add(name + ".weight", ggml_new_tensor_2d(tensors_.get(), GGML_TYPE_F32, columns, rows), seen);
  }

  // `numbers` become the tensor's; empty: it has its own.
  void add(const std::string& name, ggml_tensor* tensor, const std::vector<float>& numbers) {
    std::ranges::copy(numbers, static_cast<float*>(tensor->data));
    ggml_set_name(tensor, name.c_str());
    if (name != file_.left_out) writer_.add(tensor);
  }

  struct GgmlDeleter {
    void operator()(ggml_context* context) const { ggml_free(context); }
  };

  const FamilyFile& file_;
  GgufWriter writer_;
  std::unique_ptr<ggml_context, GgmlDeleter> tensors_;
  std::mt19937 random_{7};
};

}  // namespace

void write_family_file(const std::filesystem::path& path, const FamilyFile& file) {
  Builder builder(file);
  builder.set_keys();
  builder.add_weights();
  builder.write(path);
}

}  // namespace melete::train
