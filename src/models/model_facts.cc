// Sums up a GGUF header.

#include "models/model_facts.h"

#include <algorithm>
#include <map>

namespace melete::models {
namespace {

std::string main_type(const GgufFile& file) {
  std::map<uint32_t, uint64_t> bytes_by_type;
  for (const GgufTensor& tensor : file.tensors) bytes_by_type[tensor.type] += tensor.bytes;
  const auto most =
      std::max_element(bytes_by_type.begin(), bytes_by_type.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == bytes_by_type.end() ? "" : gguf_type_name(most->first);
}

}  // namespace

ModelFacts facts_of(const GgufFile& file) {
  ModelFacts facts;
  facts.title = file.text("general.name");
  facts.architecture = file.architecture();
  facts.quantisation = main_type(file);
  facts.licence = file.text("general.license");
  for (const GgufTensor& tensor : file.tensors) {
    facts.parameters += static_cast<int64_t>(tensor.elements);
  }
  facts.tensors = static_cast<int64_t>(file.tensors.size());
  facts.layers = file.arch_number("block_count");
  facts.context = file.arch_number("context_length");
  const GgufArray* tokens = file.array("tokenizer.ggml.tokens");
  facts.vocabulary = tokens ? static_cast<int64_t>(tokens->count) : 0;
  facts.has_chat_template = file.has("tokenizer.chat_template");
  facts.is_projector = facts.architecture == "clip";
  return facts;
}

}  // namespace melete::models
