// What tests of settings have alike: a file in a folder of its own, and its reader.

#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/error.h"
#include "train/temporary_folder.h"

namespace melete::train {

template <typename Config, Result<Config> (*kReader)(const std::filesystem::path&)>
class ConfigTest : public testing::Test {
 protected:
  // Reads settings whose file stands in `folder_`.
  Result<Config> read(const std::string& text) {
    std::ofstream(folder_ / "settings.toml") << text;
    return kReader(folder_ / "settings.toml");
  }

  TemporaryFolder folder_;
};

}  // namespace melete::train
