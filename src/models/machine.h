// What this machine has: processor, memory, graphics cards; and which models fit into it.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/catalogue.h"

namespace melete::models {

struct Gpu {
  std::string name;
  int64_t memory_bytes = 0;  // 0: not known
};

struct Machine {
  std::string processor;
  int cores = 1;                          // that this process may use
  int64_t memory_bytes = 0;               // in all, or the limit that this process is under
  int64_t free_bytes = 0;                 // that a program could take now without swapping
  std::vector<std::string> instructions;  // of those that matter for models, e.g. "AVX2"
  std::vector<Gpu> gpus;
};

// Looks at this machine. Control groups and CPU affinity count: inside a container the container's
// share is reported. `root` is "/" except in tests. Takes about a millisecond; with an NVIDIA
// driver, a second.
Machine probe_machine(const std::filesystem::path& root = "/");

// Whether the model runs in this machine's memory, or whole on one of its cards, with some left for
// others.
bool fits(const Entry& entry, const Machine& machine);

// The model to recommend: the most capable that fits. Both may be null, and both may be the same.
struct Advice {
  const Entry* checked = nullptr;  // among those whose pull was checked
  const Entry* largest = nullptr;  // among all
};

// Points into `catalogue`.
Advice advise(const Catalogue& catalogue, const Machine& machine);

}  // namespace melete::models
