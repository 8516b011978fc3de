// Plain llama.cpp beside the engine: one sequence, one decode, no sharing, no batching with others.

#pragma once

#include <gtest/gtest.h>
#include <llama-cpp.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace melete::engine {

class PlainReference {
 public:
  explicit PlainReference(const std::filesystem::path& path)
      : model_(llama_model_load_from_file(path.c_str(), llama_model_default_params())),
        vocab_(llama_model_get_vocab(model_.get())) {}

  // Tokens with special tokens parsed and nothing added.
  std::vector<llama_token> tokens_of(const std::string& text) const {
    std::vector<llama_token> tokens(text.size() + 8);
    const int count =
        llama_tokenize(vocab_, text.data(), static_cast<int32_t>(text.size()), tokens.data(),
                       static_cast<int32_t>(tokens.size()), false, true);
    tokens.resize(static_cast<size_t>(std::max(count, 0)));
    return tokens;
  }

  // How far the worst choice of `answer` is below the best log-probability, when one question to the small
  // test model was answered greedily. 0: every token was the most likely one.
  double worst_regret(const std::string& question, const std::string& answer) const {
    const std::string prompt =
        "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face"
        "<|im_end|>\n<|im_start|>user\n" + question + "<|im_end|>\n<|im_start|>assistant\n";
    std::vector<llama_token> tokens = tokens_of(prompt);
    const size_t prompt_size = tokens.size();
    const std::vector<llama_token> written = tokens_of(answer);
    tokens.insert(tokens.end(), written.begin(), written.end());
    const llama_context_ptr context = read(tokens);
    double worst = 0;
    for (size_t index = prompt_size; index < tokens.size(); ++index) {
      const float* logits = llama_get_logits_ith(context.get(), static_cast<int>(index) - 1);
      const float best = *std::max_element(logits, logits + llama_vocab_n_tokens(vocab_));
      worst = std::max<double>(worst, best - logits[tokens[index]]);
    }
    return worst;
  }

 private:
  // A context that has read `tokens`, with logits for each.
  llama_context_ptr read(const std::vector<llama_token>& tokens) const {
    llama_context_params params = llama_context_default_params();
    params.n_ctx = params.n_batch = params.n_ubatch = 1024;
    llama_context_ptr context(llama_init_from_model(model_.get(), params));
    llama_batch batch = llama_batch_init(static_cast<int>(tokens.size()), 0, 1);
    batch.n_tokens = static_cast<int>(tokens.size());
    for (size_t index = 0; index < tokens.size(); ++index) {
      batch.token[index] = tokens[index];
      batch.pos[index] = static_cast<llama_pos>(index);
      batch.n_seq_id[index] = 1;
      batch.seq_id[index][0] = 0;
      batch.logits[index] = 1;
    }
    EXPECT_EQ(llama_decode(context.get(), batch), 0);
    llama_batch_free(batch);
    return context;
  }

  llama_model_ptr model_;
  const llama_vocab* vocab_;
};

}  // namespace melete::engine
