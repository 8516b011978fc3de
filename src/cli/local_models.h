// Models in this process: found in the model directory, loaded, each behind the three modes.

#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/metrics.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "gateway/router.h"
#include "models/adapter.h"

namespace melete::cli {

// What `make run`, `serve`, `ask` and `chat` use when no model is named.
constexpr const char* kDefaultModel = "qwen2.5-coder-1.5b";

struct LoadOptions {
  std::vector<std::string> models;  // names or GGUF files; empty: the default model
  EngineSettings engine;
  Metrics* metrics = nullptr;  // may be null; must outlive the models
};

struct LocalModels {
  std::unique_ptr<gateway::Router> router;

  // Serves one of the models with one more adapter, as "MODEL:NAME". Thread-safe, as long as the
  // router lives. Fails with NotFound for another model, and as Engine::add_adapter() does.
  std::function<Result<void>(const std::string& model, const models::AdapterFile& adapter)>
      add_adapter;

  std::map<std::string, std::filesystem::path> files;  // of the models, by name
};

// Loads one model after another; each has a line on `terminal` while it loads. What is served are
// the models in the order in which they were named, each followed by its adapters. Fails with the
// first error: a model that is not pulled (the text says how to), a file that is not a model, a
// projector for several models, an adapter that does not fit its model, too little memory.
Result<LocalModels> load_models(const LoadOptions& options, Terminal& terminal);

}  // namespace melete::cli
