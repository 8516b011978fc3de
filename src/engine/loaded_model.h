// One model in memory: weights, adapters, context, template, eyes and ears, with what its KV memory
// can do.

#pragma once

#include <llama-cpp.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "engine/chat_template.h"
#include "engine/compute_threads.h"
#include "engine/context_length.h"
#include "engine/engine.h"
#include "engine/media_encoder.h"
#include "engine/model_memory.h"

namespace melete::engine {

// A LoRA that steps can be computed with.
struct LoadedAdapter {
  std::string name;
  llama_adapter_lora_ptr lora;
};

// Destroyed in reverse order of its fields: the context before the model.
struct LoadedModel {
  std::string name;
  std::shared_ptr<ComputeThreads> compute;  // of all models in the process
  llama_model_ptr model;
  std::vector<LoadedAdapter> adapters;
  llama_context_ptr context;
  std::unique_ptr<ChatTemplate> chat_template;
  std::unique_ptr<MediaEncoder> media;  // null: text only
  MemoryAbilities abilities;
  ContextLength length;
  int64_t pool_tokens = 0;  // cells
  int64_t prefix_store_bytes = 0;
  std::map<int, double> step_costs;  // see step_costs.h
  int batch_tokens = 0;              // most tokens in one decode
  bool pools = false;                // made for embeddings: its file says how tokens are pooled
};

// Loads an adapter onto a model's weights; neither may compute meanwhile. Corrupt where llama.cpp
// refuses the file. What does not fit the model has to be refused before, by
// models::check_adapters(): llama.cpp ends the process on some.
Result<LoadedAdapter> load_adapter(const models::AdapterFile& adapter, llama_model* model);

// Loads everything that `options` names. Seconds for large files; progress goes to
// options.on_load_progress. Errors as for Engine::load.
Result<LoadedModel> load_model(const EngineOptions& options);

}  // namespace melete::engine
