// What a job gives to melete-train, and what it reads of it.

#include "jobs/tuning_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "store/stored_things.h"

namespace melete::jobs {
namespace {

using testing::HasSubstr;
using testing::Not;

const TuningWish kSupervised{.model = "tiny", .epochs = 3, .batch = 4};
const TuningWish kReinforced{
    .model = "tiny", .method = TuningMethod::Reinforcement, .epochs = 2, .batch = 4};

std::string chats(int count, size_t bytes = 2) {
  std::string data;
  for (int i = 0; i < count; ++i) {
    data += R"({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", )"
            R"("content": ")" +
            std::string(bytes, 'x') + "\"}]}\n";
  }
  return data;
}

std::string problem(std::string_view data, const TuningWish& wish) {
  const auto sizes = measure_data(data, wish);
  EXPECT_FALSE(sizes);
  return sizes ? "" : sizes.error().message;
}

TEST(MeasureData, ReadsEachExampleSoManyTimes) {
  const auto sizes = measure_data(chats(400, 700), kSupervised);
  ASSERT_TRUE(sizes);
  EXPECT_EQ(sizes->examples, 400);
  EXPECT_EQ(sizes->length, 512) << "the shortest row that takes the longest example";
  EXPECT_GT(sizes->steps, 150);
  EXPECT_LE(sizes->steps, 300) << "3 times 400 examples, four rows of at least one in a step";
}

TEST(MeasureData, APairOfExamplesTakesSomeSteps) {
  EXPECT_GE(measure_data(chats(2), kSupervised)->steps, 4);
  EXPECT_EQ(measure_data(chats(2), kSupervised)->length, 256);
  EXPECT_EQ(measure_data(chats(2, 100'000), kSupervised)->length, 4096);
}

TEST(MeasureData, QuestionsAreAskedSoManyTimes) {
  std::string data;
  for (int i = 0; i < 40; ++i) data += "{\"question\": \"2+2?\", \"answer\": 4}\n";
  EXPECT_EQ(measure_data(data, kReinforced)->steps, 20);
}

TEST(MeasureData, EffortSaysHowLongAnswersMayBe) {
  TuningWish wish = kReinforced;
  const auto length = [&] {
    return measure_data("{\"question\": \"2+2?\", \"answer\": 4}\n", wish)->length;
  };
  EXPECT_EQ(length(), 256);
  wish.effort = "medium";
  EXPECT_EQ(length(), 1024);
  wish.effort = "high";
  EXPECT_EQ(length(), 4096);
}

TEST(MeasureData, NamesTheLineThatIsNoExample) {
  EXPECT_THAT(problem(chats(2) + "{\n", kSupervised), HasSubstr("line 3"));
  EXPECT_THAT(problem(chats(1) + "\n{\"messages\": []}\n", kSupervised), HasSubstr("line 3"));
  EXPECT_THAT(problem("[1]", kSupervised), HasSubstr("line 1"));
  EXPECT_THAT(problem("{\"text\": \"Hi\"}", kReinforced), HasSubstr("question and answer"));
  EXPECT_THAT(problem("\n\n", kSupervised), HasSubstr("no example"));
}

TEST(ConfigOf, HasWhatTheProgramAsksFor) {
  const TuningJob job{.id = "ftjob-1", .wish = kSupervised, .steps = 60};
  const std::string config =
      config_of(job, {.examples = 80, .length = 512, .steps = 60}, "/models/a \"b\".gguf");
  EXPECT_THAT(config, HasSubstr("model = \"/models/a \\\"b\\\".gguf\""));
  EXPECT_THAT(config, HasSubstr("steps = 60"));
  EXPECT_THAT(config, HasSubstr("rows = 4\nlength = 512"));
  EXPECT_THAT(config, Not(HasSubstr("questions")));
}

TEST(ConfigOf, HoldsSomeQuestionsBack) {
  const TuningJob job{.id = "ftjob-1", .wish = kReinforced, .steps = 20};
  const auto held_out = [&](int64_t examples) {
    return config_of(job, {.examples = examples, .length = 256, .steps = 20}, "/m.gguf");
  };
  EXPECT_THAT(held_out(400), HasSubstr("held_out = 16"));
  EXPECT_THAT(held_out(8), HasSubstr("held_out = 2"));
}

TEST(TuningFolder, TellsStepsAndLastWords) {
  const store::TemporaryFolder folder;
  const TuningFolder run{folder.path()};
  EXPECT_TRUE(told_steps(run).empty());
  EXPECT_EQ(last_words(run), "");
  std::filesystem::create_directories(run.log().parent_path());
  std::ofstream(run.log()) << "{\"step\":1}\n{\"other\":1}\n{\"step\":2}\n{\"step\":";
  EXPECT_EQ(told_steps(run).size(), 2u) << "a line that is being written is none yet";
  std::ofstream(run.output()) << "step 1\nmelete-train reinforce: nothing is learnt.\n\n";
  EXPECT_EQ(last_words(run), "nothing is learnt.");
}

TEST(TuningJob, IsKeptAndReadAgain) {
  const TuningJob job{.id = "ftjob-1",
                      .owner = "alice",
                      .wish = {.model = "tiny",
                               .method = TuningMethod::Reinforcement,
                               .suffix = "poet",
                               .training_file = "file-1",
                               .epochs = 7,
                               .batch = 2,
                               .rate = 0.5,
                               .effort = "high",
                               .seed = 9,
                               .metadata = {{"a", "b"}}},
                      .status = TuningStatus::Failed,
                      .created_at = 5,
                      .finished_at = 6,
                      .steps = 70,
                      .problem = "why"};
  const auto read = read_job(to_json(job));
  ASSERT_TRUE(read);
  EXPECT_EQ(to_json(*read), to_json(job));
  EXPECT_EQ(read_job(Json::object()).error().code, ErrorCode::Corrupt);
}

}  // namespace
}  // namespace melete::jobs
