// What a name stands for: a pulled model, or one whose files are on this machine anyway.

#include "models/model_library.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "models/sample_files.h"

namespace melete::models {
namespace {

// Two files; {0} is their folder, {1} the kind of their source.
constexpr const char* kTwoFiles = R"(
[[model]]
name = "seer"
file = "seer.gguf"
sources = [{{ kind = "{1}", file = "{0}/seer.gguf" }}]
projector = {{ file = "seer.mmproj.gguf", sources = [{{ kind = "{1}", file = "{0}/eyes.gguf" }}] }}
)";

class ModelLibraryTest : public testing::Test {
 protected:
  ModelLibrary library(std::string_view kind) const {
    const std::string toml = fmt::format(fmt::runtime(kTwoFiles), folder_.path().string(), kind);
    return {*Catalogue::parse(toml, "test.toml"), ModelDirectory(folder_.path() / "pulled")};
  }

  const TemporaryDirectory folder_;
};

TEST_F(ModelLibraryTest, WhatIsShippedNeedsNoPull) {
  write_file(folder_.path() / "seer.gguf", sample_gguf());
  write_file(folder_.path() / "eyes.gguf", sample_gguf());
  const auto files = library("shipped").resolve("seer");
  ASSERT_TRUE(files) << files.error().message;
  EXPECT_EQ(files->name, "seer");
  EXPECT_EQ(files->model, folder_.path() / "seer.gguf");
  EXPECT_EQ(files->projector, folder_.path() / "eyes.gguf");
}

TEST_F(ModelLibraryTest, AModelWithoutItsEyesIsNotHere) {
  write_file(folder_.path() / "seer.gguf", sample_gguf());
  const auto files = library("shipped").resolve("seer");
  ASSERT_FALSE(files);
  EXPECT_NE(files.error().message.find("melete pull seer"), std::string::npos);
}

TEST_F(ModelLibraryTest, AnyOtherFileIsPulledFirst) {
  write_file(folder_.path() / "seer.gguf", sample_gguf());
  write_file(folder_.path() / "eyes.gguf", sample_gguf());
  EXPECT_FALSE(library("file").resolve("seer"));
}

}  // namespace
}  // namespace melete::models
