// The file that a data set is made from.

#include "commands/data_config.h"

#include <gmock/gmock.h>

#include "train/commands/config_test.h"

namespace melete::train {
namespace {

using testing::ElementsAre;

using DataConfigTest = ConfigTest<DataConfig, read_data_config>;

TEST_F(DataConfigTest, ReadsEverySection) {
  const Result<DataConfig> config = read(R"(
    folder = "prepared"
    seed = 3
    examples = 500
    strict = true
    [model]
    size = "M"
    [files]
    chats = {path = "chats.jsonl", weight = 2}
    books = {path = "books.jsonl"}
    [tasks]
    maze = {hardest = 4}
    [data]
    short_traces = 0.5
    [filters]
    least_tokens = 8
    most_tokens = 256
    repeated_lines = 0.5
    similarity = 0.9
    [tests]
    files = ["a.jsonl", "b.jsonl"]
    words = 8
  )");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->folder, folder_ / "prepared");
  EXPECT_EQ(config->seed, 3U);
  EXPECT_EQ(config->examples, 500);
  EXPECT_TRUE(config->strict);
  EXPECT_EQ(config->model.name, "M");
  EXPECT_EQ(config->sources.files.at("chats").path, folder_ / "chats.jsonl");
  EXPECT_EQ(config->sources.files.at("chats").weight, 2);
  EXPECT_EQ(config->sources.files.at("books").weight, 1);
  EXPECT_EQ(config->sources.tasks.at("maze").difficulties.hardest, 4);
  EXPECT_EQ(config->sources.traces.shorter, 0.5);
  EXPECT_EQ(config->filters.least_tokens, 8);
  EXPECT_EQ(config->filters.most_tokens, 256);
  EXPECT_EQ(config->filters.repeated_lines, 0.5);
  EXPECT_EQ(config->filters.similarity, 0.9);
  EXPECT_THAT(config->tests, ElementsAre(folder_ / "a.jsonl", folder_ / "b.jsonl"));
  EXPECT_EQ(config->test_run, 8);
}

TEST_F(DataConfigTest, NamesTheKeyThatIsWrong) {
  const std::string good = "folder = 'a'\n[files]\nb = {path = 'b.jsonl'}\n";
  ASSERT_TRUE(read(good));
  for (const auto& [text, key] : std::initializer_list<std::pair<std::string, const char*>>{
           {"[files]\nb = {path = 'b.jsonl'}", "folder"},
           {"folder = 'a'", "files"},
           {"folder = 'a'\n[files]\nb = {}", "files.b.path"},
           {"folder = 'a'\n[files]\nb = 'b.jsonl'", "files.b"},
           {"folder = 'a'\n[files]\nb = {path = 'b', weight = 0}", "files.b.weight"},
           {"strict = 1\n" + good, "strict"},
           {"examples = 0\n" + good, "examples"},
           {good + "[filters]\nsimilarity = 0.2", "filters.similarity"},
           {good + "[filters]\nleast_tokens = 9\nmost_tokens = 8", "filters.most_tokens"},
           {good + "[filters]\nlanguage = 'en'", "filters.language"},
           {good + "[tests]\nfiles = 'a.jsonl'", "tests.files"},
           {good + "[tests]\nfiles = [1]", "tests.files"},
           {good + "[tests]\nwords = 2", "tests.words"}}) {
    const Result<DataConfig> config = read(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, ErrorCode::InvalidArgument) << text;
    EXPECT_EQ(config.error().parameter, key) << config.error().message;
  }
}

}  // namespace
}  // namespace melete::train
