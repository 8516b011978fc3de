// Many answers to token prompts at once, for training on a model's own answers: raw tokens in and
// out, each drawn from the whole vocabulary, with its log-probability. An adapter that learns can
// be swapped between two calls.
//
// Answers to one prompt share its cells; whenever some end, the next ones take their place, as far
// as cells reach, so that steps stay wide.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

#include "base/error.h"

namespace melete::engine {

struct RolloutWriterOptions {
  std::filesystem::path model;   // a GGUF file
  int rows = 64;                 // answers side by side; 1 to 200
  int64_t context_tokens = 512;  // longest prompt and answer
  int64_t pool_tokens = 0;       // cells of all together; 0: rows times the context
  int threads = 0;               // 0: every core of this process
};

struct RolloutPrompt {
  std::span<const int32_t> tokens;  // at least one; lives as long as the call
  uint64_t seed = 0;                // decides its answers, whatever is asked beside it
};

struct RolloutWish {
  int64_t copies = 1;         // answers to each prompt
  int64_t most_tokens = 256;  // of an answer, its end included; one that is longer is cut off
  int32_t end = -1;           // the token that ends an answer; -1: none does
  bool likeliest = false;     // the likeliest token each time; else by chance
};

struct WrittenRollout {
  std::vector<int32_t> tokens;           // with the end, where it ended
  std::vector<float> log_probabilities;  // of these tokens
  double entropy = 0;                    // mean over the choices of its tokens, in nats
  bool ended = false;                    // false: cut off
};

// Not thread-safe.
class RolloutWriter {
 public:
  // Loads the model. Fails as Engine::load() does.
  static Result<std::unique_ptr<RolloutWriter>> load(const RolloutWriterOptions& options);

  ~RolloutWriter();

  // Computes with this adapter, a GGUF file, from now on; the one before it goes. Fails with
  // InvalidArgument where it does not fit the model, and with Corrupt.
  Result<void> set_adapter(const std::filesystem::path& file);

  // `copies` answers to each prompt, those of one prompt next to each other. Fails with
  // InvalidArgument for a prompt that with its answer exceeds the context, and with Internal where
  // a step fails.
  Result<std::vector<WrittenRollout>> write(std::span<const RolloutPrompt> prompts,
                                            const RolloutWish& wish);

 private:
  struct Parts;
  explicit RolloutWriter(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace melete::engine
