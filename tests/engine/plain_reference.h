// Plain llama.cpp beside the engine: one sequence, token by token, no sharing, no batching with
// others.

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

  // How far the worst choice of `answer` is below the best log-probability, when one question to
  // the small test model was answered greedily. 0: every token was the most likely one.
  double worst_regret(const std::string& question, const std::string& answer) const {
    const std::string prompt =
        "<|im_start|>system\nYou are a helpful AI assistant named SmolLM, trained by Hugging Face"
        "<|im_end|>\n<|im_start|>user\n" +
        question + "<|im_end|>\n<|im_start|>assistant\n";
    llama_context_params params = llama_context_default_params();
    params.n_ctx = 1024;
    params.n_threads = 1;
    params.n_threads_batch = 1;
    const llama_context_ptr context(llama_init_from_model(model_.get(), params));
    std::vector<llama_token> next = tokens_of(prompt);
    double worst = 0;
    for (llama_token token : tokens_of(answer)) {
      const auto size = static_cast<int32_t>(next.size());
      EXPECT_EQ(llama_decode(context.get(), llama_batch_get_one(next.data(), size)), 0);
      const float* logits = llama_get_logits_ith(context.get(), -1);
      const float best = *std::max_element(logits, logits + llama_vocab_n_tokens(vocab_));
      worst = std::max<double>(worst, best - logits[token]);
      next.assign(1, token);
    }
    return worst;
  }

 private:
  llama_model_ptr model_;
  const llama_vocab* vocab_;
};

}  // namespace melete::engine
