// A folder for models and a catalogue that names one, for tests of pulling.

#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <utility>

#include "models/pull.h"
#include "models/sample_files.h"

namespace melete::models {

// A model directory and a catalogue with the one model "sample".
class Pull : public testing::Test {
 protected:
  static constexpr uint64_t kPayload = 256 * 1024;

  ModelLibrary library(const std::string& source,
                       const std::string& sha256 = sha256_of(sample_gguf(kPayload))) {
    const std::string toml = fmt::format(
        "[[model]]\nname = \"sample\"\nfile = \"sample.gguf\"\nbytes = {}\nsha256 = "
        "\"{}\"\nsources = [{}]\n",
        content_.size(), sha256, source);
    auto catalogue = Catalogue::parse(toml, "test.toml");
    EXPECT_TRUE(catalogue) << catalogue.error().message;
    return {std::move(*catalogue), ModelDirectory(models())};
  }

  static std::string url_source(const std::string& url) {
    return fmt::format("{{ kind = \"url\", url = \"{}\" }}", url);
  }

  std::filesystem::path models() const { return temporary_.path() / "models"; }

  std::set<std::string> left_behind() const {
    std::set<std::string> names;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(models(), missing))
      names.insert(entry.path().filename());
    return names;
  }

  const std::string content_ = sample_gguf(kPayload);
  const TemporaryDirectory temporary_;
};

}  // namespace melete::models
