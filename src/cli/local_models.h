// Models in this process: found in the model directory, loaded, each behind the three modes.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/metrics.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "gateway/router.h"

namespace melete::cli {

// What `make run`, `serve`, `ask` and `chat` use when no model is named.
constexpr const char* kDefaultModel = "qwen2.5-coder-1.5b";

struct LoadOptions {
  std::vector<std::string> models;  // names or GGUF files; empty: the default model
  EngineSettings engine;
  Metrics* metrics = nullptr;  // may be null; must outlive the models
};

// Loads one model after another; each has a line on `terminal` while it loads. What is served are
// the models in the order in which they were named, each followed by its adapters. Fails with the
// first error: a model that is not pulled (the text says how to), a file that is not a model, a
// projector for several models, an adapter that does not fit its model, too little memory.
Result<std::unique_ptr<gateway::Router>> load_models(const LoadOptions& options,
                                                     Terminal& terminal);

}  // namespace melete::cli
