// The file that an examination is made from: what is read, and what is refused by its key.

#include "commands/examine_config.h"

#include <gtest/gtest.h>

#include "train/commands/config_test.h"

namespace melete::train {
namespace {

using ExamineConfigTest = ConfigTest<ExamineConfig, read_examine_config>;

TEST_F(ExamineConfigTest, ReadsEverySection) {
  const Result<ExamineConfig> config = read(R"(
    folder = "exam"
    start = "runs/first"
    seed = 7
    questions = 50
    most_tokens = 100
    thinking = true
    verifier_deadline = 2.5
    precision = "f32"
    [model]
    size = "M"
    [files]
    people = {path = "people.jsonl"}
    [tasks]
    maze = {hardest = 5}
  )");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->folder, folder_ / "exam");
  EXPECT_EQ(config->start, folder_ / "runs/first");
  EXPECT_EQ(config->seed, 7U);
  EXPECT_EQ(config->questions, 50);
  EXPECT_EQ(config->most_tokens, 100);
  EXPECT_TRUE(config->thinking);
  EXPECT_EQ(config->verifier_deadline, 2.5);
  EXPECT_EQ(config->model.name, "M");
  EXPECT_EQ(config->sources.files.at("people").path, folder_ / "people.jsonl");
  EXPECT_EQ(config->sources.tasks.at("maze").difficulties.hardest, 5);
}

TEST_F(ExamineConfigTest, NamesTheKeyThatIsWrong) {
  for (const auto& [text, key] : std::initializer_list<std::pair<const char*, const char*>>{
           {"start = 'b'", "folder"},
           {"folder = 'a'", "start"},
           {"folder = 'a'\nstart = 'b'\nquestions = 0", "questions"},
           {"folder = 'a'\nstart = 'b'\nmost_tokens = 9999", "most_tokens"},
           {"folder = 'a'\nstart = 'b'\ncheckpoint_every = 5", "checkpoint_every"},
           {"folder = 'a'\nstart = 'b'\n[model]\nsize = 'XL'", "model.size"}}) {
    const Result<ExamineConfig> config = read(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().parameter, key) << config.error().message;
  }
}

}  // namespace
}  // namespace melete::train
