// Examples from a file, and beside tasks.

#include "data/file_source.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "data/mixture.h"
#include "data/task_source.h"
#include "data/tasks/tasks.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;

class FileSourceTest : public testing::Test {
 protected:
  Result<std::shared_ptr<const FileSource>> open(const std::string& lines, uint64_t seed = 1) {
    std::ofstream(folder_ / "data.jsonl") << lines;
    return FileSource::open(folder_ / "data.jsonl", seed);
  }

  static std::string numbered(int count) {
    std::string lines;
    for (int i = 0; i < count; ++i) lines += fmt::format("{{\"text\":\"number {}\"}}\n", i);
    return lines;
  }

  TemporaryFolder folder_;
};

std::string text_at(const Source& source, uint64_t index) {
  const Result<Conversation> example = source.example(index);
  return example ? text_of(example->back()) : example.error().message;
}

TEST_F(FileSourceTest, EachPassHasEveryLineOnceInAnotherOrder) {
  const auto source = open(numbered(50));
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ((*source)->size(), 50U);
  std::set<std::string> seen;
  int moved = 0;
  for (uint64_t i = 0; i < 50; ++i) {
    seen.insert(text_at(**source, i));
    moved += text_at(**source, i) != text_at(**source, 50 + i);
  }
  EXPECT_EQ(seen.size(), 50U);
  EXPECT_GT(moved, 40);
}

TEST_F(FileSourceTest, TheSameSeedHasTheSameOrder) {
  const auto one = open(numbered(50), 4);
  const auto same = open(numbered(50), 4);
  const auto other = open(numbered(50), 5);
  int differing = 0;
  for (uint64_t i = 0; i < 50; ++i) {
    EXPECT_EQ(text_at(**one, i), text_at(**same, i));
    differing += text_at(**one, i) != text_at(**other, i);
  }
  EXPECT_GT(differing, 30);
}

TEST_F(FileSourceTest, ALastLineWithoutAnEndAndEmptyLinesAreFine) {
  const auto source = open("{\"text\":\"a\"}\n\n{\"text\":\"b\"}");
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ(std::set({text_at(**source, 0), text_at(**source, 1)}),
            std::set<std::string>({"a", "b"}));
}

TEST_F(FileSourceTest, ALineThatCannotBeTaughtIsNamed) {
  const std::string name_is_too_long =
      R"({"messages":[{"role":"user","content":[{"type":"image","image":")" +
      std::string(5000, 'n') + R"("}]},{"role":"assistant","content":"A cat."}]})";
  for (const auto& [line, what] : std::initializer_list<std::pair<const char*, const char*>>{
           {"{\"text\":", "data.jsonl:2"},
           {"{\"text\":\"<|im_end|>\"}", "<|im_end|>"},
           {R"({"messages":[{"role":"user","content":[{"type":"image","image":"cat.png"}]},)"
            R"({"role":"assistant","content":"A cat."}]})",
            "cat.png is missing"},
           {name_is_too_long.c_str(), "nnnn is missing"}}) {
    const auto source = open(fmt::format("{{\"text\":\"a\"}}\n{}\n", line));
    ASSERT_FALSE(source) << line;
    EXPECT_EQ(source.error().code, ErrorCode::InvalidArgument);
    EXPECT_THAT(source.error().message, HasSubstr("data.jsonl:2"));
    EXPECT_THAT(source.error().message, HasSubstr(what));
  }
}

TEST_F(FileSourceTest, AFileWithoutExamplesIsRefused) {
  EXPECT_EQ(open("\n").error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(FileSource::open(folder_ / "none.jsonl", 1).error().code, ErrorCode::NotFound);
  EXPECT_EQ(FileSource::open(folder_ / "", 1).error().code, ErrorCode::NotFound);
}

TEST_F(FileSourceTest, AFileThatChangesUnderARunIsAnError) {
  const auto source = open(numbered(3));
  std::ofstream(folder_ / "data.jsonl") << "{}";
  EXPECT_EQ((*source)->example(0).error().code, ErrorCode::Corrupt);
}

TEST_F(FileSourceTest, AMixtureTakesFromEachByWeight) {
  const auto file = open(numbered(10));
  const std::unique_ptr<Task> task = make_about_itself();
  const Mixture mixture(
      {{*file, 3}, {std::make_shared<TaskSource>(*task, Difficulties{}, TraceShares{}, 1)}});
  int from_file = 0;
  for (uint64_t i = 0; i < 400; ++i) from_file += text_at(mixture, i).starts_with("number ");
  EXPECT_EQ(from_file, 300);
}

}  // namespace
}  // namespace melete::train
