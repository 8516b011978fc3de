// Perplexity of a text, with our kernels or with llama.cpp's own: packing and multiplying must not
// cost quality.
//
// The text is cut into chunks that are read one by one; every token after a chunk's first 64 is
// predicted. Prints one line.

#include <CLI/CLI.hpp>
#include <cmath>
#include <fstream>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/kernels/kernels.h"
#include "fmt/core.h"
#include "llama.h"

namespace melete::bench {
namespace {

constexpr int kUnjudged = 64;  // tokens at a chunk's beginning, which lack context

struct Options {
  std::string model;
  std::string text;
  int chunk_tokens = 512;
  int chunks = 4;
  int threads = 2;
  bool plain = false;
};

std::vector<llama_token> tokens_of(const llama_vocab* vocabulary, const std::string& text) {
  std::vector<llama_token> tokens(text.size() + 8);
  const int count = llama_tokenize(vocabulary, text.data(), static_cast<int>(text.size()),
                                   tokens.data(), static_cast<int>(tokens.size()), true, false);
  if (count < 0) throw std::runtime_error("the text cannot be cut into tokens");
  tokens.resize(count);
  return tokens;
}

double log_probability(const float* logits, int count, llama_token token) {
  double largest = logits[0];
  for (int i = 1; i < count; i++) largest = std::max<double>(largest, logits[i]);
  double sum = 0;
  for (int i = 0; i < count; i++) sum += std::exp(logits[i] - largest);
  return logits[token] - largest - std::log(sum);
}

// The sum of log-probabilities of a chunk's tokens after the first kUnjudged.
double score(llama_context* context, std::span<const llama_token> chunk, int vocabulary_size) {
  const auto count = static_cast<int>(chunk.size());
  llama_memory_clear(llama_get_memory(context), true);
  llama_batch batch = llama_batch_init(count, 0, 1);
  for (int i = 0; i < count; i++) {
    batch.token[i] = chunk[i];
    batch.pos[i] = i;
    batch.n_seq_id[i] = 1;
    batch.seq_id[i][0] = 0;
    batch.logits[i] = i >= kUnjudged;
  }
  batch.n_tokens = count;
  if (llama_decode(context, batch) != 0) throw std::runtime_error("a chunk does not fit");
  double sum = 0;
  for (int i = kUnjudged; i + 1 < count; i++) {
    sum += log_probability(llama_get_logits_ith(context, i), vocabulary_size, chunk[i + 1]);
  }
  llama_batch_free(batch);
  return sum;
}

double perplexity(const Options& options) {
  std::ifstream file(options.text);
  std::ostringstream text;
  text << file.rdbuf();
  llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
  if (!options.plain) engine::kernels::install_kernels();
  llama_backend_init();
  llama_model_params model_params = llama_model_default_params();
  if (engine::kernels::kernels_installed()) model_params.load_mode = LLAMA_LOAD_MODE_NONE;
  llama_model* model = llama_model_load_from_file(options.model.c_str(), model_params);
  if (!model) throw std::runtime_error("the model does not load");
  llama_context_params params = llama_context_default_params();
  params.n_ctx = params.n_batch = params.n_ubatch = options.chunk_tokens;
  params.n_threads = params.n_threads_batch = options.threads;
  params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
  llama_context* context = llama_init_from_model(model, params);
  const llama_vocab* vocabulary = llama_model_get_vocab(model);
  const auto tokens = tokens_of(vocabulary, text.str());

  double sum = 0;
  int count = 0;
  const int size = options.chunk_tokens;
  for (int chunk = 0; chunk < options.chunks && (chunk + 1) * size <= std::ssize(tokens); chunk++) {
    sum += score(context, std::span(tokens).subspan(chunk * size, size),
                 llama_vocab_n_tokens(vocabulary));
    count += size - kUnjudged - 1;
  }
  llama_free(context);
  llama_model_free(model);
  if (count == 0) throw std::runtime_error("the text is shorter than one chunk");
  fmt::print("{} tokens, ", count);
  return std::exp(-sum / count);
}

int run(int argument_count, char** arguments) {
  Options options;
  CLI::App app("Perplexity of a text");
  app.add_option("--model", options.model, "a GGUF file")->required();
  app.add_option("--text", options.text, "a text file")->required();
  app.add_option("--chunk", options.chunk_tokens, "tokens of a chunk");
  app.add_option("--chunks", options.chunks, "most chunks");
  app.add_option("--threads", options.threads, "threads");
  app.add_flag("--plain", options.plain, "llama.cpp's own kernels");
  CLI11_PARSE(app, argument_count, arguments);
  const double result = perplexity(options);
  fmt::print("{}: perplexity {:.4f}\n", options.plain ? "llama.cpp" : "melete", result);
  return 0;
}

}  // namespace
}  // namespace melete::bench

int main(int argument_count, char** arguments) {
  return melete::bench::run(argument_count, arguments);
}
