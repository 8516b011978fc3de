// Data sets: what is written, in which order, and what is said about it.

#include "corpus/preparation.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <map>

#include "corpus/corpus_writer.h"
#include "data/file_source.h"
#include "data/media_file.h"
#include "data/sequence.h"
#include "data/task_source.h"
#include "data/tasks/tasks.h"
#include "train/files.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;

class PreparationTest : public testing::Test {
 protected:
  PreparationTest() {
    options_.folder = folder_ / "prepared";
    options_.media = {.side = 16, .picture_tokens = 4, .bands = 8};
  }

  // A file of as many different texts, e.g. "tea number 3 of 40".
  InputFile file_of(const std::string& name, int count, double weight = 1) {
    std::ofstream out(folder_ / (name + ".jsonl"));
    for (int i = 0; i < count; ++i) {
      out << fmt::format("{{\"text\":\"{} number {} of {}\"}}\n", name, i, count);
    }
    return {name, folder_ / (name + ".jsonl"), weight};
  }

  InputTask task_of(const Task& task, double weight = 1) {
    return {std::string(task.name()),
            std::make_shared<TaskSource>(task, Difficulties{}, TraceShares{}, 1), weight};
  }

  CorpusReport prepared() {
    Result<CorpusReport> report = prepare(options_, [](std::string_view) {});
    EXPECT_TRUE(report) << report.error().message;
    return report.value_or(CorpusReport{});
  }

  // The written lines, counted.
  std::map<std::string, int> lines() const {
    std::ifstream in(options_.folder / kCorpusFile);
    std::map<std::string, int> counted;
    for (std::string line; std::getline(in, line);) ++counted[line];
    return counted;
  }

  TemporaryFolder folder_;
  PreparationOptions options_;
};

TEST_F(PreparationTest, OneFileIsWrittenWholeInAnotherOrder) {
  options_.files = {file_of("tea", 40)};
  const CorpusReport report = prepared();
  EXPECT_EQ(report.total().examples, 40);
  EXPECT_EQ(lines().size(), 40U);
  EXPECT_NE(content_of(options_.folder / kCorpusFile), content_of(folder_ / "tea.jsonl"));
}

TEST_F(PreparationTest, TheSeedDecidesTheOrder) {
  options_.files = {file_of("tea", 40), file_of("milk", 20)};
  prepared();
  const std::string first = content_of(options_.folder / kCorpusFile);
  prepared();
  EXPECT_EQ(content_of(options_.folder / kCorpusFile), first);
  options_.seed = 2;
  prepared();
  EXPECT_NE(content_of(options_.folder / kCorpusFile), first);
}

TEST_F(PreparationTest, WeightsHoldUntilAFileWouldRepeat) {
  options_.files = {file_of("tea", 40, 3), file_of("milk", 40, 1)};
  const CorpusReport report = prepared();
  EXPECT_EQ(report.sources[0].total().examples, 40);
  EXPECT_NEAR(static_cast<double>(report.sources[1].total().examples), 13, 1);
  for (const auto& [line, count] : lines()) EXPECT_EQ(count, 1) << line;
}

TEST_F(PreparationTest, MoreExamplesThanThereAreComeAgain) {
  options_.files = {file_of("tea", 10)};
  options_.examples = 25;
  EXPECT_EQ(prepared().sources[0].total().examples, 25);
  for (const auto& [line, count] : lines()) EXPECT_NEAR(count, 2.5, 0.5) << line;
}

TEST_F(PreparationTest, TasksAreWrittenDownWithTheirPicturesAndSounds) {
  const std::unique_ptr<Task> seen = make_count_shapes();
  Result<std::unique_ptr<Task>> heard = make_spoken_digit({});
  ASSERT_TRUE(heard) << heard.error().message;
  options_.tasks = {task_of(*seen), task_of(**heard)};
  options_.examples = 6;
  const CorpusReport report = prepared();
  EXPECT_EQ(report.sources[0].written[static_cast<size_t>(Sense::Picture)].examples, 3);
  EXPECT_EQ(report.sources[1].written[static_cast<size_t>(Sense::Sound)].examples, 3);

  const auto source = FileSource::open(options_.folder / kCorpusFile, 1);
  ASSERT_TRUE(source) << source.error().message;
  int pictures = 0;
  int sounds = 0;
  for (uint64_t i = 0; i < 6; ++i) {
    const Result<Conversation> example = (*source)->example(i);
    ASSERT_TRUE(example) << example.error().message;
    for (const Part& part : example->front().parts) {
      pictures += std::holds_alternative<Picture>(part);
      sounds += std::holds_alternative<Sound>(part);
    }
  }
  EXPECT_EQ(pictures, 3);
  EXPECT_EQ(sounds, 3);
}

TEST_F(PreparationTest, PicturesOfAUserStayWhereTheyAre) {
  std::filesystem::create_directories(folder_ / "mine");
  ASSERT_TRUE(write_picture(folder_ / "mine/cat.png", {1, 1, {1, 2, 3}}));
  std::ofstream(folder_ / "mine/cats.jsonl")
      << R"({"messages":[{"role":"user","content":[{"type":"image","image":"cat.png"}]},)"
      << R"({"role":"assistant","content":"A cat."}]})";
  options_.files = {{"cats", folder_ / "mine/cats.jsonl"}};
  prepared();
  EXPECT_THAT(content_of(options_.folder / kCorpusFile), HasSubstr("\"../mine/cat.png\""));
  EXPECT_TRUE(FileSource::open(options_.folder / kCorpusFile, 1));
}

TEST_F(PreparationTest, TestQuestionsAreKeptOutOfFilesAndTasks) {
  const std::unique_ptr<Task> chat = make_about_itself();
  options_.files = {file_of("tea", 5)};
  options_.tasks = {task_of(*chat)};
  options_.examples = 200;
  std::ofstream(folder_ / "test.jsonl") << "{\"question\":\"tea number 3 of 5\"}\n"
                                        << "{\"question\":\"Who are you?\"}\n";
  options_.tests = {folder_ / "test.jsonl"};
  const CorpusReport report = prepared();
  EXPECT_EQ(report.test_questions, 2);
  EXPECT_EQ(report.sources[0].dropped[static_cast<size_t>(Reason::InTests)].count, 1);
  EXPECT_GT(report.sources[1].dropped[static_cast<size_t>(Reason::InTests)].count, 0);
  const std::string text = content_of(options_.folder / kCorpusFile);
  EXPECT_THAT(text, testing::Not(HasSubstr("number 3")));
  EXPECT_THAT(text, testing::Not(HasSubstr("Who are you?")));
}

TEST_F(PreparationTest, TheReportAddsUp) {
  options_.files = {file_of("tea", 30)};
  std::ofstream(options_.files[0].path, std::ios::app)
      << "broken\n{\"text\":\"tea number 0 of 30\"}\n";
  prepared();
  const Result<Json> report = parse_json(content_of(options_.folder / kReportFile));
  ASSERT_TRUE(report) << report.error().message;
  const Json& tea = (*report)["sources"][0];
  EXPECT_EQ(tea["read"], 32);
  EXPECT_EQ(tea["kept"], 30);
  EXPECT_EQ(tea["dropped"]["bad_line"]["count"], 1);
  EXPECT_EQ(tea["dropped"]["duplicate"]["first_lines"], Json::array({32}));
  EXPECT_EQ(tea["problems"][0]["line"], 31);
  EXPECT_EQ(tea["samples"].size(), 3U);
  EXPECT_EQ((*report)["total"], tea["written"]);
  EXPECT_EQ((*report)["senses"]["text"], tea["written"]);
  const SequenceWriter writer(options_.media);
  int64_t tokens = 0;
  for (const auto& [line, count] : lines()) {
    tokens += std::ssize(writer.whole(*load(*read_record(line), options_.folder)).tokens);
  }
  EXPECT_EQ(tea["written"]["tokens"], tokens);
  EXPECT_DOUBLE_EQ(tea["written"]["mean_tokens"], static_cast<double>(tokens) / 30);
}

TEST_F(PreparationTest, PeopleReadTheSame) {
  options_.files = {file_of("tea", 4)};
  std::ofstream(options_.files[0].path, std::ios::app) << "broken\n";
  const std::string text = to_text(prepared());
  EXPECT_THAT(text, HasSubstr("tea: 5 read, 4 kept"));
  EXPECT_THAT(text, testing::ContainsRegex("bad_line +1 +lines 5"));
  EXPECT_THAT(text, testing::ContainsRegex("tea +4 "));
  EXPECT_THAT(text, testing::ContainsRegex("text +4 "));
  EXPECT_THAT(text, HasSubstr("such as: {\"text\":\"tea number"));
}

TEST_F(PreparationTest, ASourceOfWhichNothingIsLeftIsAnError) {
  options_.files = {{"tea", folder_ / "tea.jsonl"}};
  std::ofstream(folder_ / "tea.jsonl") << "broken\n";
  const Result<CorpusReport> none = prepare(options_, [](std::string_view) {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().parameter, "files.tea");

  const std::unique_ptr<Task> chat = make_about_itself();
  options_.files.clear();
  options_.tasks = {task_of(*chat)};
  options_.examples = 5;
  options_.filters.most_tokens = 3;
  EXPECT_EQ(prepare(options_, [](std::string_view) {}).error().parameter, "tasks.about_itself");
}

TEST_F(PreparationTest, TasksAloneNeedANumberOfExamples) {
  const std::unique_ptr<Task> chat = make_about_itself();
  options_.tasks = {task_of(*chat)};
  EXPECT_EQ(prepare(options_, [](std::string_view) {}).error().parameter, "examples");
  options_.tasks.clear();
  EXPECT_EQ(prepare(options_, [](std::string_view) {}).error().parameter, "files");
}

TEST_F(PreparationTest, AFailureLeavesTheLastDataSet) {
  options_.files = {file_of("tea", 4)};
  prepared();
  const std::string before = content_of(options_.folder / kCorpusFile);
  options_.strict = true;
  std::ofstream(options_.files[0].path, std::ios::app) << "broken\n";
  EXPECT_FALSE(prepare(options_, [](std::string_view) {}));
  EXPECT_EQ(content_of(options_.folder / kCorpusFile), before);
  EXPECT_FALSE(std::filesystem::exists(options_.folder / "data.jsonl.part"));
}

}  // namespace
}  // namespace melete::train
