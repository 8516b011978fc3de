// What an examination of a trained model is made of, as one TOML file.

#pragma once

#include <cstdint>
#include <filesystem>

#include "base/error.h"
#include "commands/run_config.h"
#include "commands/sources_config.h"

namespace melete::train {

struct ExamineConfig : WorkConfig {
  ModelConfig model;              // that of the run
  std::filesystem::path start;    // the folder of the run whose weights are examined
  int64_t questions = 200;        // of each task and file, at most
  int64_t most_tokens = 256;      // of an answer; a longer one is cut off and wrong
  double verifier_deadline = 10;  // seconds for one answer
  bool thinking = false;          // every answer is made to begin with reasoning
  SourcesConfig sources;          // without traces; weights do not count
};

// Reads a file; paths in it are relative to its folder. Fails as read_pretrain_config() does.
Result<ExamineConfig> read_examine_config(const std::filesystem::path& file);

}  // namespace melete::train
