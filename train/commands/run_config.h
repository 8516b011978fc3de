// What the settings of all work with a model have alike.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "commands/settings.h"

namespace melete::train {

// Files that a run keeps in its folder.
inline constexpr std::string_view kCheckpointFile = "checkpoint.pt";
inline constexpr std::string_view kLogFile = "log.jsonl";
inline constexpr std::string_view kDecoderFile = "model.gguf";
inline constexpr std::string_view kProjectorFile = "model.mmproj.gguf";
inline constexpr std::string_view kAdapterFile = "adapter.gguf";
inline constexpr std::string_view kAdapterProjectorFile = "adapter.mmproj.gguf";
inline constexpr std::string_view kMergedFile = "merged.gguf";

enum class Precision { Automatic, Bfloat16, Float };    // of activations
enum class DeviceChoice { Automatic, Processor, Gpu };  // what computes

struct WorkConfig {
  std::filesystem::path folder;                   // for all that is written
  uint64_t seed = 1;                              // of all that chance decides
  int threads = 0;                                // 0: every core
  DeviceChoice device = DeviceChoice::Automatic;  // a GPU where libtorch finds one
  Precision precision = Precision::Automatic;     // bfloat16 where it is multiplied quickly
};

// Work that changes a model: its checkpoint, log and files are in the folder.
struct RunConfig : WorkConfig {
  int64_t checkpoint_every = 100;  // steps
};

// Both read from a file's own table; paths are relative to `base`.
void read_work(Section& root, const std::filesystem::path& base, WorkConfig& config);
void read_run(Section& root, const std::filesystem::path& base, RunConfig& config);

}  // namespace melete::train
