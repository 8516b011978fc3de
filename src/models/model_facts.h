// What a model file says about itself, in the terms people choose models by.

#pragma once

#include <cstdint>
#include <string>

#include "models/gguf_file.h"

namespace melete::models {

struct ModelFacts {
  std::string title;         // as the file calls itself; may be empty
  std::string architecture;  // e.g. "qwen2"
  std::string quantisation;  // the type that holds most of the weights, e.g. "Q4_K"
  std::string licence;       // may be empty
  int64_t parameters = 0;    // elements of all tensors
  int64_t tensors = 0;
  int64_t layers = 0;
  int64_t context = 0;     // tokens; 0: not stated
  int64_t vocabulary = 0;  // tokens; 0: none inside
  bool has_chat_template = false;
  bool is_projector = false;  // eyes or ears for another model
};

ModelFacts facts_of(const GgufFile& file);

}  // namespace melete::models
