// The examples of docs/training.md about data and curves, by the program itself.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "train/commands/process.h"
#include "train/files.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;

class DataCommandTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  TemporaryFolder folder_;
};

TEST_F(DataCommandTest, ADataSetIsMadeTrainedFromAndDrawn) {
  write("chats.jsonl", R"({"messages":[{"role":"user","content":"What is my cat called?"},)"
                       R"({"role":"assistant","content":"Your cat is called Mia."}]})"
                       "\n"
                       R"({"messages":[{"role":"user","content":"What is my cat called?"},)"
                       R"({"role":"assistant","content":"Your cat is called Mia!"}]})"
                       "\n"
                       R"({"messages":[{"role":"user","content":"Where does she sleep?"},)"
                       R"({"role":"assistant","content":"On the piano."}]})"
                       "\n"
                       "broken\n");
  write("test.jsonl", R"({"question":"Where does she sleep?","answer":"On the piano."})");
  const std::string data = write("data.toml", R"(
    folder = "prepared"
    [files]
    chats = {path = "chats.jsonl", weight = 2}
    [tasks]
    about_itself = {}
    count_shapes = {hardest = 3}
    [tests]
    files = ["test.jsonl"]
  )");
  EXPECT_EQ(Process({"data", "--config", data}).wait(), 0);
  const Result<Json> report = parse_json(content_of(folder_ / "prepared/report.json"));
  ASSERT_TRUE(report) << report.error().message;
  const Json& chats = (*report)["sources"][0];
  EXPECT_EQ(chats["kept"], 1);
  for (const char* reason : {"bad_line", "near_duplicate", "in_tests"}) {
    EXPECT_EQ(chats["dropped"][reason]["count"], 1) << reason;
  }

  const std::string run = write("run.toml", R"(
    folder = "runs/first"
    steps = 3
    threads = 1
    [batch]
    rows = 1
    length = 256
    [files]
    mine = {path = "prepared/data.jsonl"}
  )");
  EXPECT_EQ(Process({"pretrain", "--config", run}).wait(), 0);

  const std::string curves = folder_ / "curves.svg";
  EXPECT_EQ(Process({"curves", folder_ / "runs/first", "--output", curves}).wait(), 0);
  EXPECT_THAT(content_of(curves), HasSubstr("runs/first: loss "));
}

TEST_F(DataCommandTest, WhatIsWrongEndsItWithOne) {
  EXPECT_EQ(WEXITSTATUS(Process({"data", "--config", folder_ / "none.toml"}).wait()), 1);
  EXPECT_EQ(WEXITSTATUS(Process({"curves", folder_ / "none"}).wait()), 1);
  EXPECT_EQ(WEXITSTATUS(Process({"data"}).wait()), 2);
}

}  // namespace
}  // namespace melete::train
