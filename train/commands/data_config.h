// What a data set is made of, as one TOML file.

#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/error.h"
#include "commands/sources_config.h"
#include "corpus/filters.h"
#include "model/config.h"

namespace melete::train {

struct DataConfig {
  std::filesystem::path folder;  // for the data set and its report
  uint64_t seed = 1;             // of the order, and of what tasks make
  int64_t examples = 0;          // to write; 0: as many as the weights allow with none repeated
  bool strict = false;           // a line that cannot be read is an error
  ModelConfig model;             // by whose eye and ear tokens are counted
  SourcesConfig sources;
  FilterOptions filters;
  std::vector<std::filesystem::path> tests;
  int64_t test_run = 13;  // words
};

// Reads a file; paths in it are relative to its folder. Fails as read_pretrain_config() does.
Result<DataConfig> read_data_config(const std::filesystem::path& file);

}  // namespace melete::train
