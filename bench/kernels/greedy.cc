// Greedy answers to a file of prompts, one line of token ids for each: what two ways of computing
// agree on can then be counted, as with llama.cpp's own when it reads prompts in other pieces.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/kernels/kernels.h"
#include "fmt/core.h"
#include "llama-cpp.h"

namespace melete::bench {
namespace {

struct Options {
  std::string model;
  std::string prompts;
  int answer_tokens = 48;
  int batch = 512;  // most prompt tokens in one step
  int threads = 1;
  bool plain = false;
};

class Greedy {
 public:
  explicit Greedy(const Options& options) : options_(options) {
    llama_model_params model_params = llama_model_default_params();
    if (engine::kernels::kernels_installed()) model_params.load_mode = LLAMA_LOAD_MODE_NONE;
    model_.reset(llama_model_load_from_file(options.model.c_str(), model_params));
    if (!model_) throw std::runtime_error("the model does not load");
    llama_context_params params = llama_context_default_params();
    params.n_ctx = 2048;
    params.n_batch = params.n_ubatch = options.batch;
    params.n_threads = params.n_threads_batch = options.threads;
    params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
    context_.reset(llama_init_from_model(model_.get(), params));
    if (!context_) throw std::runtime_error("the context does not fit into memory");
  }

  // The most likely tokens after the prompt; fewer where the answer ends.
  std::vector<llama_token> answer(const std::string& prompt) {
    llama_memory_clear(llama_get_memory(context_.get()), true);
    std::vector<llama_token> next = tokens_of(prompt);
    std::vector<llama_token> answer;
    while (std::ssize(answer) < options_.answer_tokens) {
      const llama_token token = most_likely_after(next);
      if (llama_vocab_is_eog(vocabulary(), token)) break;
      answer.push_back(token);
      next.assign(1, token);
    }
    return answer;
  }

 private:
  const llama_vocab* vocabulary() const { return llama_model_get_vocab(model_.get()); }

  std::vector<llama_token> tokens_of(const std::string& text) const {
    std::vector<llama_token> tokens(text.size() + 8);
    const int count = llama_tokenize(vocabulary(), text.data(), static_cast<int>(text.size()),
                                     tokens.data(), static_cast<int>(tokens.size()), true, false);
    if (count <= 0) throw std::runtime_error("a prompt cannot be cut into tokens");
    tokens.resize(count);
    return tokens;
  }

  llama_token most_likely_after(std::vector<llama_token>& tokens) {
    const auto count = static_cast<int>(tokens.size());
    for (int first = 0; first < count; first += options_.batch) {
      const int size = std::min(options_.batch, count - first);
      if (llama_decode(context_.get(), llama_batch_get_one(tokens.data() + first, size)) != 0) {
        throw std::runtime_error("a prompt does not fit");
      }
    }
    const float* logits = llama_get_logits_ith(context_.get(), -1);
    const int size = llama_vocab_n_tokens(vocabulary());
    return static_cast<llama_token>(std::max_element(logits, logits + size) - logits);
  }

  Options options_;
  llama_model_ptr model_;
  llama_context_ptr context_;
};

int run(int argument_count, char** arguments) {
  Options options;
  CLI::App app("Greedy answers, as token ids");
  app.add_option("--model", options.model, "a GGUF file")->required();
  app.add_option("--prompts", options.prompts, "a text file with a prompt in each line")
      ->required();
  app.add_option("--tokens", options.answer_tokens, "most tokens of an answer");
  app.add_option("--batch", options.batch, "most prompt tokens in one step");
  app.add_option("--threads", options.threads, "threads");
  app.add_flag("--plain", options.plain, "llama.cpp's own kernels");
  CLI11_PARSE(app, argument_count, arguments);

  llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
  if (!options.plain) engine::kernels::install_kernels();
  llama_backend_init();
  Greedy greedy(options);
  std::ifstream prompts(options.prompts);
  for (std::string prompt; std::getline(prompts, prompt);) {
    for (const llama_token token : greedy.answer(prompt)) fmt::print("{} ", token);
    fmt::print("\n");
  }
  return 0;
}

}  // namespace
}  // namespace melete::bench

int main(int argument_count, char** arguments) {
  return melete::bench::run(argument_count, arguments);
}
