// The side of probe.h that may die: it runs in a process of its own.

#include <fmt/format.h>
#include <llama-cpp.h>
#include <mtmd-helper.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "engine/media_encoder.h"
#include "engine/probe.h"
#include "media/samples.h"

namespace melete::engine {

namespace fs = std::filesystem;

namespace {

constexpr int kRefused = 1;
constexpr int kCells = 64;
constexpr uintmax_t kDecodedBytes = uintmax_t{256} << 20;

// Sanitizers reserve terabytes, so only plain builds are bounded.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kBounded = false;
#else
constexpr bool kBounded = true;
#endif

// Weights are mapped from the file and do not count; a projector and adapters are copied.
void bound_memory(const fs::path& projector, const std::vector<fs::path>& adapters) {
  constexpr rlim_t kRoom = rlim_t{4} << 30;
  rlim_t copied = projector.empty() ? 0 : fs::file_size(projector);
  for (const fs::path& adapter : adapters) copied += fs::file_size(adapter);
  const rlimit limit{kRoom + 2 * copied, kRoom + 2 * copied};
  if (kBounded) ::setrlimit(RLIMIT_DATA, &limit);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
}

// The first error says what is wrong with a file; later ones say only that it was not loaded.
void keep_first_error(ggml_log_level level, const char* text, void* first) {
  auto& kept = *static_cast<std::string*>(first);
  if (level != GGML_LOG_LEVEL_ERROR || !kept.empty()) return;
  kept = text;
  while (!kept.empty() && kept.back() == '\n') kept.pop_back();
  std::ranges::replace(kept, '\n', ' ');
}

// They belong to the model.
Result<std::vector<llama_adapter_lora*>> load_adapters(llama_model* model,
                                                       const std::vector<fs::path>& files) {
  std::vector<llama_adapter_lora*> adapters;
  for (const fs::path& file : files) {
    adapters.push_back(llama_adapter_lora_init(model, file.c_str()));
    if (!adapters.back()) return fail(ErrorCode::Corrupt, "an adapter is refused");
  }
  return adapters;
}

Result<void> try_text(llama_model* model, const fs::path& file,
                      const std::vector<llama_adapter_lora*>& adapters) {
  PromptTokens prompt = tokenize_text(llama_model_get_vocab(model), "Hello 1\n");
  llama_context_params params = llama_context_default_params();
  params.n_ctx = kCells;
  params.n_batch = kCells;
  params.n_ubatch = kCells;
  params.n_outputs_max = 1;
  params.n_threads = 1;  // others may be computing
  params.n_threads_batch = 1;
  const llama_context_ptr context(llama_init_from_model(model, params));
  if (!context) return fail(ErrorCode::Corrupt, "no context can be made");
  if (fs::file_size(file) > kDecodedBytes || llama_model_has_encoder(model)) return {};
  if (llama_decode(context.get(), llama_batch_get_one(prompt.tokens.data(), 1)) != 0) {
    return fail(ErrorCode::Corrupt, "a token cannot be decoded");
  }
  for (llama_adapter_lora* adapter : adapters) {
    float scale = 1;
    llama_set_adapters_lora(context.get(), &adapter, 1, &scale);
    if (llama_decode(context.get(), llama_batch_get_one(prompt.tokens.data(), 1)) != 0) {
      return fail(ErrorCode::Corrupt, "a token cannot be decoded with an adapter");
    }
  }
  return {};
}

Result<void> try_media(llama_model* model, const fs::path& projector) {
  constexpr int kSide = 64;
  constexpr int kSamples = 8000;
  Result<std::unique_ptr<MediaEncoder>> encoder =
      MediaEncoder::load(projector, model, {.use_gpu = false});
  if (!encoder) return std::unexpected(encoder.error());
  std::vector<MediaItem> items;
  if ((*encoder)->images()) {
    items.push_back({MediaItem::Kind::Image,
                     std::make_shared<const std::string>(media::black_square(kSide)), "picture"});
  }
  if ((*encoder)->audio()) {
    items.push_back({MediaItem::Kind::Audio,
                     std::make_shared<const std::string>(media::silence(kSamples)), "sound"});
  }
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) text += mtmd_default_marker();
  const Result<PromptTokens> prompt = (*encoder)->tokenize(text, items);
  if (!prompt) return std::unexpected(prompt.error());
  for (const MediaSpan& span : prompt->media) {
    const Result<std::vector<float>> rows = (*encoder)->encode(span);
    if (!rows) return std::unexpected(rows.error());
  }
  return {};
}

Result<void> try_all(const fs::path& file, const fs::path& projector,
                     const std::vector<fs::path>& adapter_files) {
  ggml_backend_dev_t no_devices[] = {nullptr};
  llama_model_params params = llama_model_default_params();
  params.devices = no_devices;
  params.n_gpu_layers = 0;
  params.load_mode = LLAMA_LOAD_MODE_MMAP;
  params.use_extra_bufts = false;  // they copy the weights
  const llama_model_ptr model(llama_model_load_from_file(file.c_str(), params));
  if (!model) return fail(ErrorCode::Corrupt, "the model is refused");
  const auto adapters = load_adapters(model.get(), adapter_files);
  if (!adapters) return std::unexpected(adapters.error());
  if (const Result<void> text = try_text(model.get(), file, *adapters); !text) return text;
  return projector.empty() ? Result<void>() : try_media(model.get(), projector);
}

}  // namespace

int probe_main(const fs::path& model, const fs::path& projector,
               const std::vector<fs::path>& adapters) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  bound_memory(projector, adapters);
  std::string first_error;
  llama_log_set(keep_first_error, &first_error);
  mtmd_helper_log_set(keep_first_error, &first_error);
  const Result<void> tried = try_all(model, projector, adapters);
  if (tried) return 0;
  std::fprintf(stderr, "%s\n", (first_error.empty() ? tried.error().message : first_error).c_str());
  return kRefused;
}

}  // namespace melete::engine
