// Writes a model in another weight format: files of one format throughout for timings, and one of
// F32 as the exact reference that rounded activations are judged against.

#include <CLI/CLI.hpp>
#include <map>
#include <stdexcept>
#include <string>

#include "llama.h"

namespace melete::bench {
namespace {

const std::map<std::string, llama_ftype> kFormats = {{"F32", LLAMA_FTYPE_ALL_F32},
                                                     {"Q8_0", LLAMA_FTYPE_MOSTLY_Q8_0},
                                                     {"Q4_0", LLAMA_FTYPE_MOSTLY_Q4_0},
                                                     {"Q4_1", LLAMA_FTYPE_MOSTLY_Q4_1}};

int run(int argument_count, char** arguments) {
  std::string from;
  std::string to;
  llama_ftype format = LLAMA_FTYPE_ALL_F32;
  CLI::App app("Writes a model in another weight format");
  app.add_option("--from", from, "a GGUF file")->required();
  app.add_option("--to", to, "the file to write")->required();
  app.add_option("--format", format, "F32, Q8_0, Q4_0 or Q4_1")
      ->transform(CLI::CheckedTransformer(kFormats));
  CLI11_PARSE(app, argument_count, arguments);

  llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
  llama_backend_init();
  llama_model_quantize_params params = llama_model_quantize_default_params();
  params.ftype = format;
  params.allow_requantize = true;
  params.pure = true;
  if (llama_model_quantize(from.c_str(), to.c_str(), &params) != 0) {
    throw std::runtime_error("the model cannot be converted");
  }
  return 0;
}

}  // namespace
}  // namespace melete::bench

int main(int argument_count, char** arguments) {
  return melete::bench::run(argument_count, arguments);
}
