#include "kernels/step_timer.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/check.h"
#include "engine/compute_threads.h"
#include "engine/kernels/kernels.h"
#include "kernels/thread_clock.h"
#include "llama.h"

namespace melete::bench {
namespace {

constexpr int kMostSequences = 64;
constexpr int kIdleSequence = kMostSequences - 1;
constexpr int kCells = 16384;
constexpr int kBatch = 512;

double wall_seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

// The most resident memory that this process had so far, mapped files included.
double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

StepTime summary(std::vector<double> times) {
  std::ranges::sort(times);
  return {.median_ms = times[times.size() / 2], .least_ms = times[0]};
}

}  // namespace

struct StepTimer::Parts {
  explicit Parts(const StepTimerOptions& wanted) : options(wanted), threads(wanted.threads) {}

  StepTimerOptions options;
  LoadCost load_cost;
  engine::ComputeThreads threads;
  llama_model* model = nullptr;
  llama_context* context = nullptr;
  llama_batch batch = llama_batch_init(kBatch, 0, 1);

  ~Parts() {
    llama_batch_free(batch);
    llama_free(context);
    llama_model_free(model);
  }

  // Which token does not matter for time; they differ so that experts would too.
  llama_token token_at(int position, int sequence) const {
    const int vocabulary = llama_vocab_n_tokens(llama_model_get_vocab(model));
    return (100 + position * 31 + sequence * 17) % vocabulary;
  }

  void add(int position, int sequence, bool wanted) {
    const int i = batch.n_tokens++;
    batch.token[i] = token_at(position, sequence);
    batch.pos[i] = position;
    batch.n_seq_id[i] = 1;
    batch.seq_id[i][0] = sequence;
    batch.logits[i] = wanted;
  }

  double now() const { return options.threads == 1 ? thread_seconds() : wall_seconds(); }

  double decode() {
    const double start = now();
    MELETE_CHECK(llama_decode(context, batch) == 0, "the batch fits");
    llama_synchronize(context);
    return 1000 * (now() - start);
  }

  // Empties the pool but for what lies idle.
  void clear() {
    for (int sequence = 0; sequence < kIdleSequence; sequence++) {
      llama_memory_seq_rm(llama_get_memory(context), sequence, -1, -1);
    }
  }

  // Reads a prompt of `tokens` tokens into a sequence; milliseconds.
  double read_prompt(int tokens, int sequence) {
    double total = 0;
    for (int first = 0; first < tokens; first += kBatch) {
      batch.n_tokens = 0;
      const int end = std::min(first + kBatch, tokens);
      for (int position = first; position < end; position++) {
        add(position, sequence, position + 1 == tokens);
      }
      total += decode();
    }
    return total;
  }
};

StepTimer::StepTimer(const StepTimerOptions& options) : parts_(std::make_unique<Parts>(options)) {
  llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
  if (options.use_kernels) engine::kernels::install_kernels();
  llama_backend_init();
  llama_model_params model_params = llama_model_default_params();
  if (engine::kernels::kernels_installed()) model_params.load_mode = LLAMA_LOAD_MODE_NONE;
  const double start = wall_seconds();
  parts_->model = llama_model_load_from_file(options.model.c_str(), model_params);
  parts_->load_cost = {.seconds = wall_seconds() - start, .loaded_mib = peak_mib()};
  MELETE_CHECK(parts_->model, "the model loads");
  llama_context_params params = llama_context_default_params();
  params.n_ctx = kCells;
  params.n_batch = kBatch;
  params.n_ubatch = kBatch;
  params.n_seq_max = kMostSequences;
  params.n_threads = options.threads;
  params.n_threads_batch = options.threads;
  params.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
  params.kv_unified = true;
  parts_->context = llama_init_from_model(parts_->model, params);
  MELETE_CHECK(parts_->context, "the context fits into memory");
  llama_attach_threadpool(parts_->context, parts_->threads.pool(), nullptr);
  parts_->read_prompt(options.idle_tokens, kIdleSequence);
}

StepTimer::~StepTimer() = default;

StepTime StepTimer::time_steps(int sequences) {
  Parts& parts = *parts_;
  const int prompt = parts.options.prompt_tokens;
  parts.clear();
  parts.read_prompt(prompt, 0);
  for (int sequence = 1; sequence < sequences; sequence++) {
    llama_memory_seq_cp(llama_get_memory(parts.context), 0, sequence, -1, -1);
  }
  std::vector<double> times;
  for (int step = 0; step < parts.options.steps; step++) {
    parts.batch.n_tokens = 0;
    for (int sequence = 0; sequence < sequences; sequence++) {
      parts.add(prompt + step, sequence, true);
    }
    times.push_back(parts.decode());
  }
  return summary(times);
}

LoadCost StepTimer::load_cost() const {
  LoadCost cost = parts_->load_cost;
  cost.peak_mib = peak_mib();
  return cost;
}

StepTime StepTimer::time_prefill(int tokens) {
  parts_->clear();
  return summary({parts_->read_prompt(tokens, 0)});
}

}  // namespace melete::bench
