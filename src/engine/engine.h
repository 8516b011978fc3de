// The local engine: one model on llama.cpp behind chat::Backend.
//
// Many answers share one pool of KV cells and one decoding loop (continuous batching): each step
// carries one token for every running answer and a slice of the prompts that wait. Branches of a
// request share their prompt's cells. See scheduler.h for the rules and docs/architecture.md for
// the life of a request.

#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/metrics.h"
#include "chat/backend.h"
#include "chat/embedder.h"
#include "engine/compute_threads.h"
#include "models/adapter.h"

namespace melete::engine {

enum class CacheType { F16, Q8 };

// How positions beyond those that a model was trained for are brought near them: Linear as in
// arXiv:2306.15595, Yarn as in arXiv:2309.00071, which keeps short distances sharp.
enum class RopeScaling { None, Linear, Yarn };

struct EngineOptions {
  std::string name;                           // the model name that requests use
  std::filesystem::path model;                // a GGUF file
  std::filesystem::path projector;            // a GGUF file with eyes or ears; empty: text only
  std::vector<models::AdapterFile> adapters;  // that requests may name; each name once
  int64_t context_tokens = 0;  // longest prompt and answer; 0: the model's own, at most 32,768
  // For more context_tokens than the model was trained for, else not used. None: such are refused.
  RopeScaling rope_scaling = RopeScaling::None;
  // Cells shared by all answers; 0: context_tokens, and where that is 0 too, at least 16,384.
  int64_t pool_tokens = 0;
  CacheType cache_type = CacheType::F16;    // of keys and values
  int threads = 0;                          // 0: every core of this process
  std::shared_ptr<ComputeThreads> compute;  // shared with other models; null: `threads` of its own
  int gpu_layers = -1;      // layers on a GPU; -1: all that fit, ignored without a GPU
  bool kernels = true;      // our own matrix kernels on CPUs; the first model of a process decides
  bool speculation = true;  // guess tokens ahead; what is written stays the same
  bool read_ahead = true;   // read_ahead() does something
  int sequence_limit = 64;  // answers that run side by side; 1 to 256
  int job_limit = 4096;     // requests that wait or are answered; more are refused
  int slice_tokens = 256;   // most prompt tokens in a step beside running answers; at least 16
  std::chrono::milliseconds slice_time{400};  // aimed at for such a step, by fewer tokens
  // RAM for idle prefixes; by default a quarter of what the pool takes, at most 1 GiB.
  std::optional<int64_t> prefix_store_bytes;
  // RAM for answers that make room for others; what does not fit is computed again.
  int64_t saved_byte_limit = int64_t{1} << 30;
  std::map<int, double> step_costs;  // see step_costs.h, in place of measured ones; empty: measured
  std::filesystem::path cache;  // a folder for what is measured once; empty: measured at every load
  Metrics* metrics = nullptr;   // where to count; may be null; must outlive the engine
  std::function<void(double)> on_load_progress;  // 0 to 1, from the loading thread
};

// Thread-safe like every Backend. The destructor ends all answers and joins the engine thread.
class Engine final : public chat::Backend, public chat::Embedder {
 public:
  // Loads the model and starts its thread. Takes seconds for large files. Fails with NotFound,
  // Corrupt (not a GGUF, or cut), Unsupported, InvalidArgument (an adapter that does not fit) or
  // Overloaded (does not fit into memory; the text says what would).
  static Result<std::unique_ptr<Engine>> load(const EngineOptions& options);

  ~Engine() override;

  Result<chat::BackendInfo> info(const std::string& model) const override;
  Result<int64_t> count(const chat::Request& request) const override;
  std::unique_ptr<chat::Stream> start(chat::Request request) override;
  void read_ahead(const chat::Request& request) override;

  // Has requests name one more adapter from now on; waits until it is loaded, between two steps.
  // Fails as load() does for one that does not fit, and with Conflict where the name is taken.
  Result<void> add_adapter(const models::AdapterFile& adapter);

  // The first call makes a context for it.
  Result<chat::Embeddings> embed(const chat::EmbedRequest& request) override;

 private:
  struct Parts;
  explicit Engine(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace melete::engine
