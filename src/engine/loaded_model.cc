#include "engine/loaded_model.h"

#include <fmt/format.h>
#include <mtmd-helper.h>

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/log.h"
#include "engine/context_length.h"
#include "engine/kernels/kernels.h"
#include "engine/scheduler.h"
#include "engine/step_costs.h"
#include "engine/usable_machine.h"
#include "models/gguf_file.h"
#include "models/machine.h"
#include "models/memory.h"

namespace melete::engine {

namespace {

constexpr int64_t kSmallestPool = 16384;
constexpr int64_t kLargestStore = int64_t{1} << 30;  // where nobody says how much
constexpr int kTextBatch = 512;
constexpr int kMediaBatch = 2048;  // a picture that attends both ways must fit in one batch

void route_log(ggml_log_level level, const char* text, void*) {
  if (level != GGML_LOG_LEVEL_ERROR && level != GGML_LOG_LEVEL_WARN) return;
  std::string line(text);
  while (!line.empty() && line.back() == '\n') line.pop_back();
  const LogLevel our_level = level == GGML_LOG_LEVEL_ERROR ? LogLevel::Warning : LogLevel::Debug;
  if (!line.empty()) log_event(our_level, "llama_cpp", {{"text", line}});
}

void start_llama_once(const EngineOptions& options) {
  static std::once_flag once;
  std::call_once(once, [&options] {
    llama_log_set(route_log, nullptr);
    mtmd_helper_log_set(route_log, nullptr);
    if (options.kernels) kernels::install_kernels();
    llama_backend_init();
  });
}

bool on_progress(float progress, void* user_data) {
  const auto& callback = *static_cast<const std::function<void(double)>*>(user_data);
  if (callback) callback(progress);
  return true;
}

Result<llama_model_ptr> load_weights(const EngineOptions& options) {
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = options.gpu_layers;
  if (kernels::kernels_installed()) params.load_mode = LLAMA_LOAD_MODE_NONE;
  params.progress_callback = on_progress;
  params.progress_callback_user_data =
      const_cast<std::function<void(double)>*>(&options.on_load_progress);
  llama_model_ptr model(llama_model_load_from_file(options.model.c_str(), params));
  if (!model) {
    return fail(
        ErrorCode::Corrupt,
        fmt::format("{} cannot be loaded: it is damaged, or its kind of model is not known.",
                    options.model.string()),
        "model");
  }
  if (llama_model_has_encoder(model.get()) && !llama_model_has_decoder(model.get())) {
    return fail(ErrorCode::Unsupported, fmt::format("{} does not write text.", options.name),
                "model");
  }
  return model;
}

Result<std::vector<LoadedAdapter>> load_adapters(const EngineOptions& options, llama_model* model) {
  std::vector<LoadedAdapter> loaded;
  for (const models::AdapterFile& adapter : options.adapters) {
    auto one = load_adapter(adapter, model);
    if (!one) return std::unexpected(one.error());
    loaded.push_back(std::move(*one));
  }
  return loaded;
}

// The header is read before llama.cpp sees the file, for what it refuses would end the process
// there.
Result<llama_context_ptr> make_context(const EngineOptions& options, const LoadedModel& loaded) {
  llama_context_params params = llama_context_default_params();
  const int sequences = std::clamp(options.sequence_limit, 1, 256);
  params.n_ctx = static_cast<uint32_t>(loaded.pool_tokens);
  params.n_batch = static_cast<uint32_t>(loaded.batch_tokens);
  params.n_ubatch = params.n_batch;
  params.n_seq_max = static_cast<uint32_t>(Scheduler::sequence_ids_for(sequences));
  params.n_outputs_max = params.n_seq_max;  // llama.cpp reserves one for each sequence
  params.n_threads = loaded.compute->count();
  params.n_threads_batch = params.n_threads;
  params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_AUTO;
  params.kv_unified = true;
  params.swa_full = false;
  params.no_perf = true;
  scale_positions(loaded.length, params);
  const ggml_type type = options.cache_type == CacheType::Q8 ? GGML_TYPE_Q8_0 : GGML_TYPE_F16;
  params.type_k = type;
  params.type_v = type;
  llama_context_ptr context(llama_init_from_model(loaded.model.get(), params));
  if (!context) {
    return fail(ErrorCode::Overloaded,
                fmt::format("There is no memory for {} cells of {}: give a smaller --context.",
                            loaded.pool_tokens, options.name),
                "context");
  }
  llama_attach_threadpool(context.get(), loaded.compute->pool(), nullptr);
  return context;
}

// The first decode touches every weight and builds the graph; nobody should wait for that later.
void warm_up(const LoadedModel& loaded) {
  const llama_vocab* vocab = llama_model_get_vocab(loaded.model.get());
  llama_token token = llama_vocab_bos(vocab);
  if (token == LLAMA_TOKEN_NULL) token = 0;
  const ComputeThreads::Turn turn(*loaded.compute);
  llama_decode(loaded.context.get(), llama_batch_get_one(&token, 1));
  llama_memory_clear(llama_get_memory(loaded.context.get()), true);
  llama_synchronize(loaded.context.get());
}

models::MemoryPlan memory_plan(const EngineOptions& options, const LoadedModel& loaded) {
  models::MemoryPlan plan;
  plan.pool_tokens = loaded.pool_tokens;
  plan.cache_bytes_per_value = options.cache_type == CacheType::Q8 ? 34.0 / 32 : 2;
  plan.sequences = options.sequence_limit;
  plan.batch_tokens = loaded.batch_tokens;
  std::error_code ignored;
  if (!options.projector.empty()) {
    plan.projector_bytes =
        static_cast<int64_t>(std::filesystem::file_size(options.projector, ignored));
  }
  for (const models::AdapterFile& adapter : options.adapters) {
    plan.adapter_bytes += static_cast<int64_t>(std::filesystem::file_size(adapter.file, ignored));
  }
  return plan;
}

Result<void> check_memory(const models::GgufFile& header, const models::MemoryPlan& plan,
                          int gpu_layers) {
  const models::Machine machine = usable_machine(models::probe_machine());
  if (gpu_layers != 0 && !machine.gpus.empty()) return {};  // the weights may lie there
  return models::require_memory(header, plan, machine.free_bytes);
}

// Chooses the sizes that everything else follows from.
Result<LoadedModel> plan_model(const EngineOptions& options) {
  const Result<models::GgufFile> header = models::read_gguf(options.model);
  if (!header) return std::unexpected(header.error());
  const Result<void> adapters = models::check_adapters(options.adapters, *header);
  if (!adapters) return std::unexpected(adapters.error());
  LoadedModel loaded;
  loaded.name = options.name;
  loaded.compute = options.compute ? options.compute : make_compute_threads(options.threads);
  const Result<ContextLength> length = choose_context(options, *header);
  if (!length) return std::unexpected(length.error());
  loaded.length = *length;
  loaded.pools = header->arch_number("pooling_type") > 0;
  loaded.pool_tokens = std::max(options.pool_tokens, loaded.length.tokens);
  if (options.pool_tokens == 0 && options.context_tokens == 0) {
    loaded.pool_tokens = std::max(loaded.pool_tokens, kSmallestPool);
  }
  loaded.batch_tokens = options.projector.empty() ? kTextBatch : kMediaBatch;
  loaded.batch_tokens =
      std::max(loaded.batch_tokens, options.slice_tokens + options.sequence_limit);
  const models::MemoryPlan plan = memory_plan(options, loaded);
  if (const Result<void> fits = check_memory(*header, plan, options.gpu_layers); !fits) {
    return std::unexpected(fits.error());
  }
  loaded.prefix_store_bytes = options.prefix_store_bytes.value_or(
      std::min(kLargestStore, models::memory_needed(*header, plan).cache / 4));
  return loaded;
}

}  // namespace

Result<LoadedAdapter> load_adapter(const models::AdapterFile& adapter, llama_model* model) {
  llama_adapter_lora_ptr lora(llama_adapter_lora_init(model, adapter.file.c_str()));
  if (lora) return LoadedAdapter{adapter.name, std::move(lora)};
  return fail(ErrorCode::Corrupt,
              fmt::format("The adapter {} ({}) cannot be loaded: it is damaged.", adapter.name,
                          adapter.file.string()),
              "adapter");
}

Result<LoadedModel> load_model(const EngineOptions& options) {
  start_llama_once(options);
  Result<LoadedModel> planned = plan_model(options);
  if (!planned) return planned;
  LoadedModel& loaded = *planned;

  Result<llama_model_ptr> model = load_weights(options);
  if (!model) return std::unexpected(model.error());
  loaded.model = std::move(*model);

  // Before the context, which makes room for what they add to a step.
  Result<std::vector<LoadedAdapter>> adapters = load_adapters(options, loaded.model.get());
  if (!adapters) return std::unexpected(adapters.error());
  loaded.adapters = std::move(*adapters);

  Result<std::unique_ptr<ChatTemplate>> chat_template = ChatTemplate::make(loaded.model.get());
  if (!chat_template) return std::unexpected(chat_template.error());
  loaded.chat_template = std::move(*chat_template);

  Result<llama_context_ptr> context = make_context(options, loaded);
  if (!context) return std::unexpected(context.error());
  loaded.context = std::move(*context);
  {
    const ComputeThreads::Turn turn(*loaded.compute);
    loaded.abilities = memory_abilities(loaded.context.get());
  }

  if (!options.projector.empty()) {
    Result<std::unique_ptr<MediaEncoder>> media = MediaEncoder::load(
        options.projector, loaded.model.get(),
        {.threads = loaded.compute->count(), .ubatch_tokens = loaded.batch_tokens});
    if (!media) return std::unexpected(media.error());
    loaded.media = std::move(*media);
  }
  warm_up(loaded);
  loaded.step_costs = options.step_costs.empty()
                          ? cached_step_costs(loaded, options.model, options.cache)
                          : options.step_costs;
  return planned;
}

}  // namespace melete::engine
