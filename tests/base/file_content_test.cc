// A whole file at once: what is in it, and nothing where it cannot be read.

#include "base/file_content.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace melete {
namespace {

namespace fs = std::filesystem;

fs::path file_of(const std::string& content) {
  fs::path file = fs::path(testing::TempDir()) / "file_content_test";
  std::ofstream(file, std::ios::binary) << content;
  return file;
}

TEST(FileContent, EveryByteOfAnyFile) {
  std::string bytes;
  for (int i = 0; i < 300'000; ++i) bytes += static_cast<char>(i * 7);
  for (const std::string& content : {std::string(), std::string("a\0b\n", 4), bytes}) {
    EXPECT_EQ(file_content(file_of(content)), content);
  }
}

TEST(FileContent, NothingWhereNoFileCanBeRead) {
  EXPECT_EQ(file_content(fs::path(testing::TempDir()) / "there is none"), std::nullopt);
  EXPECT_EQ(file_content(testing::TempDir()), std::nullopt);
}

}  // namespace
}  // namespace melete
