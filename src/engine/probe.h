// Safe loading: ggml ends the process on some malformed files, so a file of unknown origin is first
// loaded in a child process, which may die of it.
//
// The child is this very program with the hidden command `probe MODEL [PROJECTOR] [--adapter
// FILE]`, whose work is probe_main(). Files that passed together are remembered in the user's cache
// by path, size and time of change: the second start costs a read of the headers.

#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "models/adapter.h"

namespace melete::engine {

struct ProbeOptions {
  std::filesystem::path program;  // runs probe_main() as above; empty: only headers are read
  std::filesystem::path
      cache;  // a folder for what passed, made at need; empty: nothing is remembered
  std::vector<models::AdapterFile> adapters;  // of the model
  std::chrono::milliseconds time_limit{0};    // 0: half a minute and a second for each 100 MB
};

// Whether `model` can be loaded, and beside it `projector` unless that is empty, and the adapters.
// Fails with NotFound, Corrupt (naming the file and what the child said last), Unsupported (an
// architecture that is not known here), InvalidArgument (an adapter that does not fit) or
// Unavailable (the child cannot be started). Blocks; under a second for a model of 1 GB in the page
// cache.
Result<void> probe_model(const std::filesystem::path& model, const std::filesystem::path& projector,
                         const ProbeOptions& options);

// The child's work: loads all files without copying the weights, builds the graph, decodes a token
// (for files up to 256 MB) with no adapter and with each, encodes a small picture and sound. The
// exit status: 0 when all of it worked. Bounds its own memory; errors go to standard error.
int probe_main(const std::filesystem::path& model, const std::filesystem::path& projector = {},
               const std::vector<std::filesystem::path>& adapters = {});

}  // namespace melete::engine
