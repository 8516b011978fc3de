// Times one model's steps as llama-batched-bench does: a prompt that all sequences share, then one
// token for each.

#pragma once

#include <memory>
#include <string>

namespace melete::bench {

struct StepTimerOptions {
  std::string model;  // a GGUF file
  int threads = 2;
  int prompt_tokens = 256;
  int idle_tokens = 0;      // of another sequence that lies in the pool and is never asked
  int steps = 12;           // timed for each measurement
  bool use_kernels = true;  // ours; else llama.cpp's own
};

struct StepTime {
  double median_ms = 0;
  double least_ms = 0;
};

struct LoadCost {
  double seconds = 0;
  double loaded_mib = 0;  // most memory that the process had until the weights were there
  double peak_mib = 0;    // and until now
};

// Owns the model. One for each process: kernels cannot be taken out again.
class StepTimer {
 public:
  explicit StepTimer(const StepTimerOptions& options);
  ~StepTimer();
  StepTimer(const StepTimer&) = delete;
  StepTimer& operator=(const StepTimer&) = delete;

  // One step for `sequences` sequences that share the prompt.
  StepTime time_steps(int sequences);

  LoadCost load_cost() const;

  // One prompt of `tokens` tokens, once.
  StepTime time_prefill(int tokens);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace melete::bench
