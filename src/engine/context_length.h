// How many tokens a context holds, and how it reaches beyond what the model was trained for.

#pragma once

#include <llama.h>

#include <cstdint>

#include "base/error.h"
#include "engine/engine.h"
#include "models/gguf_file.h"

namespace melete::engine {

struct ContextLength {
  int64_t tokens = 0;                       // longest prompt and answer
  int64_t original = 0;                     // what the model's positions were first trained for
  RopeScaling scaling = RopeScaling::None;  // None where `tokens` is within what the file states
};

// What `options` asks for, else what the file states, at most 32,768. InvalidArgument where more is
// asked than the model was trained for and no scaling is named.
Result<ContextLength> choose_context(const EngineOptions& options, const models::GgufFile& header);

// Sets how positions are scaled; leaves the file's own way where nothing has to be.
void scale_positions(const ContextLength& length, llama_context_params& params);

}  // namespace melete::engine
