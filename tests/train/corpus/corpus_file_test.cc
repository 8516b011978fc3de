// What of a user's file is kept, and why the rest is not.

#include "corpus/corpus_file.h"

#include <gmock/gmock.h>

#include <fstream>

#include "data/media_file.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CorpusFileTest : public testing::Test {
 protected:
  CorpusFileTest() : sieve_(make_sieve({})) {}

  static Sieve make_sieve(const FilterOptions& options) {
    return Sieve({.side = 16, .picture_tokens = 4, .bands = 8}, options, TestQuestions(13));
  }

  std::filesystem::path write(const std::string& lines, const std::string& name = "mine.jsonl") {
    std::ofstream(folder_ / name) << lines;
    return folder_ / name;
  }

  // Numbers of the first lines that are left out for `reason`.
  static std::vector<int64_t> lines_of(const CorpusFile& file, Reason reason) {
    return file.dropped[static_cast<size_t>(reason)].lines;
  }

  CorpusFile read(const std::string& lines) {
    Result<CorpusFile> file = read_corpus_file(write(lines), sieve_);
    EXPECT_TRUE(file) << file.error().message;
    return std::move(*file);
  }

  TemporaryFolder folder_;
  Sieve sieve_;
};

TEST_F(CorpusFileTest, KeepsWhereItsLinesAre) {
  const CorpusFile file = read("{\"text\":\"xyz\"}\n\n{\"text\":\"three\"}");
  EXPECT_EQ(file.lines, 2);
  ASSERT_EQ(file.kept.size(), 2U);
  EXPECT_EQ(file.kept[1].offset, 16);
  EXPECT_EQ(file.kept[1].bytes, 16);
  EXPECT_EQ(file.kept[0].size.tokens, 4) << "the letters and the end of the text";
  EXPECT_EQ(file.kept[0].size.taught, 4);
}

TEST_F(CorpusFileTest, BrokenLinesAreCountedAndToldWithTheirNumbers) {
  const CorpusFile file = read(
      "{\"text\":\"good\"}\n"
      "{\"text\":\n"
      "{\"messages\":[{\"role\":\"tool\",\"content\":\"a\"}]}\n");
  EXPECT_EQ(file.kept.size(), 1U);
  EXPECT_THAT(lines_of(file, Reason::BadLine), ElementsAre(2, 3));
  ASSERT_EQ(file.problems.size(), 2U);
  EXPECT_EQ(file.problems[1].line, 3);
  EXPECT_THAT(file.problems[1].what, HasSubstr("messages[0].role"));
}

TEST_F(CorpusFileTest, OfManyBrokenLinesAllAreCountedAndSomeTold) {
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "broken\n";
  const CorpusFile file = read(lines);
  EXPECT_EQ(file.dropped[static_cast<size_t>(Reason::BadLine)].count, 100);
  EXPECT_THAT(lines_of(file, Reason::BadLine), ElementsAre(1, 2, 3));
  EXPECT_EQ(file.problems.size(), 20U);
}

TEST_F(CorpusFileTest, StrictMakesTheFirstBrokenLineAnError) {
  const Result<CorpusFile> file = read_corpus_file(write("{\"text\":\"good\"}\n{\"text\":\n"),
                                                   sieve_, {.strict = true, .tell = {}});
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(file.error().message, HasSubstr("mine.jsonl:2:"));
}

TEST_F(CorpusFileTest, StrictDoesNotMindWhatIsOnlyFiltered) {
  EXPECT_TRUE(read_corpus_file(write("{\"text\":\"a\"}\n{\"text\":\"a\"}\n"), sieve_,
                               {.strict = true, .tell = {}}));
}

TEST_F(CorpusFileTest, BrokenTextIsLeftOut) {
  const CorpusFile file = read(
      "{\"text\":\"caf\xe9\"}\n"
      "{\"text\":\"caf\xef\xbf\xbd\"}\n"
      "{\"text\":\"caf\\ufffd\"}\n"
      "{\"text\":\"caf\xc3\xa9\"}\n");
  EXPECT_THAT(lines_of(file, Reason::BrokenText), ElementsAre(1, 2, 3));
  EXPECT_EQ(file.kept.size(), 1U);
}

TEST_F(CorpusFileTest, MarksOfTheChatFormatAreLeftOut) {
  EXPECT_THAT(lines_of(read("{\"text\":\"a<|im_start|>\"}\n"), Reason::Marks), ElementsAre(1));
}

TEST_F(CorpusFileTest, LinesThatRepeatThemselvesAreLeftOut) {
  const CorpusFile file = read(R"({"text":"home\nhome\nhome\nabout\nhome"})"
                               "\n"
                               R"({"text":"one\ntwo\nthree\n\n\n\nfour"})"
                               "\n"
                               R"({"text":"yes\nyes"})"
                               "\n");
  EXPECT_THAT(lines_of(file, Reason::RepeatedLines), ElementsAre(1));
  EXPECT_DOUBLE_EQ(repeated_lines("a\nb\na\nc\n"), 0.25);
}

TEST_F(CorpusFileTest, LengthIsInTokens) {
  sieve_ = make_sieve({.least_tokens = 4, .most_tokens = 6});
  const CorpusFile file =
      read("{\"text\":\"xy\"}\n{\"text\":\"xyz\"}\n{\"text\":\"vwxyz\"}\n{\"text\":\"uvwxyz\"}\n");
  EXPECT_THAT(lines_of(file, Reason::TooShort), ElementsAre(1));
  EXPECT_THAT(lines_of(file, Reason::TooLong), ElementsAre(4));
  EXPECT_EQ(file.kept.size(), 2U);
}

TEST_F(CorpusFileTest, DuplicatesAreFoundAcrossFiles) {
  const std::string text = "It was a bright cold day in April and the clocks were striking twelve";
  ASSERT_TRUE(read_corpus_file(write("{\"text\":\"" + text + ".\"}\n"), sieve_));
  const Result<CorpusFile> file = read_corpus_file(
      write("{\"id\":1,\"text\":\"" + text + ".\"}\n{\"text\":\"" + text + " !\"}\n", "b.jsonl"),
      sieve_);
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_THAT(lines_of(*file, Reason::Duplicate), ElementsAre(1));
  EXPECT_THAT(lines_of(*file, Reason::NearDuplicate), ElementsAre(2));
}

// A long instruction to the system is the same in all examples of many a data set.
TEST_F(CorpusFileTest, TheSystemsTurnMakesNoNearDuplicates) {
  std::string lines;
  for (const char* question : {"What is 2 + 3?", "What is 7 - 4?"}) {
    lines += std::string(R"({"messages":[{"role":"system","content":"You are a patient teacher )"
                         R"(who explains each step in plain words and never gives up."},)"
                         R"({"role":"user","content":")") +
             question + R"("},{"role":"assistant","content":"Let us see."}]})" + "\n";
  }
  EXPECT_EQ(read(lines).kept.size(), 2U);
}

TEST_F(CorpusFileTest, PicturesTellQuestionsOfTheSameWordsApart) {
  ASSERT_TRUE(write_picture(folder_ / "a.png", {1, 1, {1, 2, 3}}));
  ASSERT_TRUE(write_picture(folder_ / "b.png", {1, 1, {4, 5, 6}}));
  std::filesystem::copy_file(folder_ / "a.png", folder_ / "copy.png");
  std::string lines;
  for (const char* name : {"a.png", "b.png", "copy.png"}) {
    lines += std::string(R"({"messages":[{"role":"user","content":[{"type":"image","image":")") +
             name + R"("}]},{"role":"assistant","content":"A colour."}]})" + "\n";
  }
  const CorpusFile file = read(lines);
  EXPECT_THAT(lines_of(file, Reason::Duplicate), ElementsAre(3));
  ASSERT_EQ(file.kept.size(), 2U);
  EXPECT_EQ(file.kept[0].size.sense, Sense::Picture);
}

TEST_F(CorpusFileTest, APictureThatCannotBeReadIsTold) {
  std::ofstream(folder_ / "a.png") << "no picture";
  const std::string line =
      R"({"messages":[{"role":"user","content":[{"type":"image","image":"a.png"}]},)"
      R"({"role":"assistant","content":"A colour."}]})";
  const CorpusFile file = read(line);
  EXPECT_THAT(lines_of(file, Reason::BadMedia), ElementsAre(1));
  EXPECT_THAT(file.problems.at(0).what, HasSubstr("a.png"));
  EXPECT_FALSE(read_corpus_file(write(line), sieve_, {.strict = true, .tell = {}}));
}

TEST_F(CorpusFileTest, AFileThatIsMissingIsNotFound) {
  EXPECT_EQ(read_corpus_file(folder_ / "none.jsonl", sieve_).error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace melete::train
