// How much memory a model needs, worked out from its header before anything is loaded.

#pragma once

#include <cstdint>

#include "base/error.h"
#include "models/gguf_file.h"

namespace melete::models {

struct MemoryPlan {
  int64_t pool_tokens = 32768;       // cells of the KV cache, shared by all answers
  double cache_bytes_per_value = 2;  // f16: 2; q8_0: 34.0 / 32
  int sequences = 1;                 // answers side by side; recurrent models keep a state for each
  int batch_tokens = 512;            // most tokens in one step
  int64_t projector_bytes = 0;       // size of the projector file
  int64_t adapter_bytes = 0;         // size of all adapter files
};

struct MemoryNeed {
  int64_t weights = 0;
  int64_t cache = 0;    // keys and values, and recurrent states
  int64_t working = 0;  // activations and logits of one step
  int64_t total() const { return weights + cache + working; }
};

// An estimate that is meant to be a little high: within a tenth or so for the usual architectures,
// more where a model keeps less than it states. Negative or absurd metadata counts as zero.
// O(layers).
MemoryNeed memory_needed(const GgufFile& file, const MemoryPlan& plan);

// Fails with Overloaded where the plan needs more than `free_bytes`; the text names both figures
// and the longest context (a power of two, at least 2,048) that would fit, or says that a smaller
// model is needed.
Result<void> require_memory(const GgufFile& file, const MemoryPlan& plan, int64_t free_bytes);

}  // namespace melete::models
