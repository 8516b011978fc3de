#include "train/gguf/plain_llama.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

namespace melete::train {

namespace {

constexpr int kMostTokens = 512;

void say_only_errors(ggml_log_level level, const char* text, void*) {
  if (level == GGML_LOG_LEVEL_ERROR) std::fputs(text, stderr);
}

}  // namespace

PlainLlama::PlainLlama(const std::filesystem::path& model, const std::filesystem::path& adapter) {
  llama_log_set(say_only_errors, nullptr);
  llama_model_params loading = llama_model_default_params();
  loading.n_gpu_layers = 0;
  loading.use_extra_bufts = false;
  model_.reset(llama_model_load_from_file(model.c_str(), loading));
  EXPECT_TRUE(model_) << model;
  if (!model_) return;
  llama_context_params params = llama_context_default_params();
  params.n_ctx = kMostTokens;
  params.n_batch = kMostTokens;
  params.n_ubatch = kMostTokens;
  params.n_threads = 1;
  params.n_threads_batch = 1;
  params.type_k = GGML_TYPE_F32;
  params.type_v = GGML_TYPE_F32;
  params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_DISABLED;
  context_.reset(llama_init_from_model(model_.get(), params));
  EXPECT_TRUE(context_);
  if (adapter.empty()) return;
  adapter_.reset(llama_adapter_lora_init(model_.get(), adapter.c_str()));
  EXPECT_TRUE(adapter_) << adapter;
  llama_adapter_lora* adapters[] = {adapter_.get()};
  float scales[] = {1};
  EXPECT_EQ(llama_set_adapters_lora(context_.get(), adapters, 1, scales), 0);
}

std::vector<int32_t> PlainLlama::tokens_of(const std::string& text) const {
  std::vector<int32_t> tokens(text.size() + 2);
  const int count = llama_tokenize(llama_model_get_vocab(model_.get()), text.data(),
                                   static_cast<int>(text.size()), tokens.data(),
                                   static_cast<int>(tokens.size()), true, true);
  EXPECT_GT(count, 0) << text;
  tokens.resize(std::max(0, count));
  return tokens;
}

torch::Tensor PlainLlama::log_probabilities(const std::vector<int32_t>& tokens) const {
  llama_memory_clear(llama_get_memory(context_.get()), true);
  const auto count = static_cast<int32_t>(tokens.size());
  llama_batch batch = llama_batch_init(count, 0, 1);
  batch.n_tokens = count;
  for (int32_t place = 0; place < count; ++place) {
    batch.token[place] = tokens[place];
    batch.pos[place] = place;
    batch.n_seq_id[place] = 1;
    batch.seq_id[place][0] = 0;
    batch.logits[place] = 1;
  }
  EXPECT_EQ(llama_decode(context_.get(), batch), 0);
  llama_batch_free(batch);
  const int64_t entries = llama_vocab_n_tokens(llama_model_get_vocab(model_.get()));
  const torch::Tensor logits =
      torch::from_blob(llama_get_logits(context_.get()), {count, entries}, torch::kFloat);
  return torch::log_softmax(logits, -1);
}

}  // namespace melete::train
