// What is read from files: items, arms and the trials of a run that was cut off.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "eval/arm.h"
#include "eval/item.h"
#include "eval/trial.h"

namespace melete::eval {
namespace {

using testing::HasSubstr;

class FilesTest : public testing::Test {
 protected:
  std::string file(const std::string& text) {
    const std::string path = testing::TempDir() + "eval-" +
                             testing::UnitTest::GetInstance()->current_test_info()->name();
    std::ofstream(path) << text;
    return path;
  }
};

TEST_F(FilesTest, ItemsAreSpreadOverTheirFile) {
  std::string lines;
  for (int i = 0; i < 10; ++i) {
    lines += R"({"id":")" + std::to_string(i) +
             R"(","question":"?","answer":"1","extra":[]})"
             "\n";
  }
  const auto items = read_items(file(lines), 4);
  ASSERT_TRUE(items);
  std::string ids;
  for (const Item& item : *items) ids += item.id;
  EXPECT_EQ(ids, "0257");
  EXPECT_EQ(read_items(file(lines)).value().size(), 10u);
  EXPECT_EQ(read_items(file(lines), 99).value().size(), 10u);
}

TEST_F(FilesTest, ABrokenItemIsNamedByItsLine) {
  const std::string good = R"({"question":"?","answer":"1"})"
                           "\n";
  EXPECT_THAT(read_items(file(good + "{")).error().message, HasSubstr("line 2"));
  EXPECT_THAT(read_items(file(good + R"({"question":"?"})")).error().message,
              HasSubstr("line 2: an item needs"));
  EXPECT_THAT(read_items(file(R"({"question":"?","answer":"1","grader":"taste"})")).error().message,
              HasSubstr("number, words"));
  const auto pattern = [&](const std::string& field) {
    return read_items(file(R"({"question":"?","answer":"1",)" + field + "}")).error().message;
  };
  EXPECT_THAT(pattern(R"("pattern":"(")"), HasSubstr("line 1: the pattern is no"));
  EXPECT_THAT(pattern(R"("pattern":"2")"), HasSubstr("line 1: the answer does not have"));
  EXPECT_THAT(pattern(R"("grader":"pattern")"), HasSubstr("line 1: an item of the grader"));
  EXPECT_EQ(read_items(file("")).error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(read_items("no such file").error().code, ErrorCode::NotFound);
  EXPECT_EQ(read_items(file(good)).value().front().id, "eval-ABrokenItemIsNamedByItsLine-1");
}

TEST_F(FilesTest, AnItemMayHaveAPictureAndASound) {
  const std::string beside = testing::TempDir() + "eval-beside.png";
  std::ofstream(beside) << "pixels";
  const std::string start = R"({"question":"?","answer":"1","image":"eval-beside.png",)";
  const auto items = read_items(file(start + R"("audio":"eval-beside.png"})"));
  ASSERT_TRUE(items) << items.error().message;
  const std::vector<chat::Part>& media = items->front().media;
  ASSERT_EQ(media.size(), 2u);
  EXPECT_EQ(*std::get<chat::ImagePart>(media[0]).bytes, "pixels");
  EXPECT_EQ(std::get<chat::AudioPart>(media[1]).label, "eval-beside.png");
  EXPECT_THAT(read_items(file(start + R"("audio":"nonesuch.wav"})")).error().message,
              HasSubstr("line 1: nonesuch.wav cannot be read"));
}

TEST_F(FilesTest, ArmsShareWhatStandsBeforeThem) {
  const auto arms = read_arms(file(R"(
max_tokens = 100
instruction = " Think."
[[arm]]
name = "one"
mode = "thinking"
effort = "high"
[[arm]]
name = "eight"
server = "other"
samples = 8
sampling = "parallel"
max_tokens = 50
temperature = 1
)"));
  ASSERT_TRUE(arms) << arms.error().message;
  ASSERT_EQ(arms->size(), 2u);
  EXPECT_EQ(arms->at(0).mode, chat::Mode::Thinking);
  EXPECT_EQ(arms->at(0).request.effort, chat::Effort::High);
  EXPECT_EQ(arms->at(0).request.limits.answer_tokens, 100);
  EXPECT_EQ(arms->at(0).server, "melete");
  EXPECT_EQ(arms->at(1).sampling, Sampling::Parallel);
  EXPECT_EQ(arms->at(1).samples, 8);
  EXPECT_EQ(arms->at(1).instruction, " Think.");
  EXPECT_EQ(arms->at(1).request.limits.answer_tokens, 50);
  EXPECT_EQ(arms->at(1).request.sampling.temperature, 1);
}

TEST_F(FilesTest, TheBenchmarksArmsCanBeRead) {
  int files = 0;
  const std::filesystem::path folder = MELETE_SOURCE_DIR "/bench/contemplating";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".toml") continue;  // the folder of recordings
    if (entry.path().stem() == "shared") continue;      // what stands before the arms of each
    const auto arms = read_arms(entry.path());
    ASSERT_TRUE(arms) << arms.error().message;
    EXPECT_EQ(arms->front().mode, chat::Mode::Thinking) << "what others are compared with";
    ++files;
  }
  EXPECT_EQ(files, 7);
}

TEST_F(FilesTest, AWrongArmIsNamed) {
  const auto message = [&](const std::string& text) {
    return read_arms(file(text)).error().message;
  };
  EXPECT_THAT(message("[[arm]]\nname = \"a\"\nmode = \"dreaming\""), HasSubstr("arm \"a\": mode"));
  EXPECT_THAT(message("[[arm]]\nname = \"a\"\nagents = 1000"), HasSubstr("agents is 1000"));
  EXPECT_THAT(message("[[arm]]\nname = \"a\"\nsamples = \"many\""), HasSubstr("another type"));
  EXPECT_THAT(message("[[arm]]\nname = \"a\"\nagent = 3"), HasSubstr("agent is no field"));
  EXPECT_THAT(message("temprature = 0\n[[arm]]\nname = \"a\""),
              HasSubstr("temprature is no field"));
  EXPECT_THAT(message("[[arm]]\nname = \"a\"\n[[arm]]\nname = \"a\""), HasSubstr("two arms"));
  EXPECT_THAT(message("[[arm]]\nmode = \"instant\""), HasSubstr("name is missing"));
  EXPECT_THAT(message("arm = 3"), HasSubstr("no arms"));
  EXPECT_THAT(message("[[arm"), HasSubstr("line 1"));
}

TEST_F(FilesTest, TrialsComeBackAsTheyWere) {
  Trial trial{.set = "s", .item = "i", .arm = "a", .seed = 7, .text = "x\ny", .right = true};
  trial.chains.push_back({.text = "t", .answer = "4", .ended = "stop", .tokens = 9, .right = true});
  trial.chains.push_back({.text = "u", .ended = "finished", .tokens = 3, .certainty = -0.25});
  const auto back = read_trial(write_trial(trial));
  ASSERT_TRUE(back);
  EXPECT_EQ(write_trial(*back), write_trial(trial));
  EXPECT_FALSE(back->chains[0].certainty);
  EXPECT_EQ(back->chains[1].certainty, -0.25);
}

TEST_F(FilesTest, ALastTrialThatWasCutOffIsLeftOut) {
  const std::string line = write_trial({.item = "i"});
  EXPECT_EQ(read_trials(file(line + "\n" + line.substr(0, 20))).value().size(), 1u);
  EXPECT_THAT(read_trials(file(line.substr(0, 20) + "\n" + line + "\n")).error().message,
              HasSubstr("line 1"));
  EXPECT_TRUE(read_trials("no such file").value().empty());
}

}  // namespace
}  // namespace melete::eval
