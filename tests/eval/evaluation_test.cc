// Arms over items against the fake backend: how answers are graded, voted on and kept.

#include "eval/evaluation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/file_content.h"
#include "chat/fake_backend.h"
#include "eval/replay.h"
#include "eval/report.h"
#include "eval/run_trial.h"

namespace melete::eval {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Item kItem{.id = "sum", .question = "How many are 2 and 2?", .answer = "4"};

Arm arm_of(int samples, Sampling sampling = Sampling::Choices) {
  return {.name = "arm", .server = "fake", .samples = samples, .sampling = sampling};
}

chat::FakeScript four_of_six() {
  return chat::answers_each(
      {{.text = "It is 5"}, {.text = "It is 4"}, {.text = "So it is 4"}, {.text = "I cannot say"}});
}

Trial run(const Arm& arm, chat::FakeScript script) {
  chat::FakeBackend backend({}, std::move(script));
  return run_trial(arm, kItem, backend, 1, system_clock());
}

TEST(RunTrial, GradesAnAnswer) {
  const Trial right = run(arm_of(1), chat::answers("The answer is 4"));
  EXPECT_TRUE(right.right);
  EXPECT_EQ(right.tokens, 4);
  EXPECT_EQ(right.accepted_tokens, 4);
  EXPECT_TRUE(right.chains.empty());
  EXPECT_FALSE(run(arm_of(1), chat::answers("The answer is 22")).right);
}

TEST(RunTrial, ShowsAPictureBeforeTheQuestion) {
  Item item = kItem;
  item.media.emplace_back(chat::ImagePart{std::make_shared<const std::string>("pixels"), "it"});
  chat::FakeBackend backend({}, chat::answers("4"));
  EXPECT_TRUE(run_trial(arm_of(1), item, backend, 1, system_clock()).right);
  const std::vector<chat::Request> requests = backend.requests();
  const std::vector<chat::Part>& parts = requests.front().messages.front().parts;
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_TRUE(std::holds_alternative<chat::ImagePart>(parts[0]));
  EXPECT_EQ(std::get<chat::TextPart>(parts[1]).text, kItem.question);
}

TEST(RunTrial, KeepsAFailure) {
  const Trial trial =
      run(arm_of(1), chat::answers_with({.text = "The answer is 4",
                                         .error = Error{ErrorCode::Overloaded, "full"}}));
  EXPECT_EQ(trial.error, "full");
  EXPECT_FALSE(trial.right);
}

TEST(RunTrial, VotesForAClientThatTakesChoices) {
  const Trial trial = run(arm_of(4), four_of_six());
  EXPECT_TRUE(trial.right);
  EXPECT_EQ(trial.text, "It is 4");
  EXPECT_EQ(trial.decided, "2 votes");
  ASSERT_EQ(trial.chains.size(), 4u);
  EXPECT_EQ(trial.chains[0].answer, "5");
  EXPECT_FALSE(trial.chains[0].right);
  EXPECT_EQ(trial.chains[2].tokens, 4);
  EXPECT_EQ(trial.accepted_tokens, 4) << "the longest of those that agree";
  EXPECT_EQ(trial.tokens, 13);
}

TEST(RunTrial, AsksForEachSampleOnItsOwn) {
  for (const Sampling sampling : {Sampling::Parallel, Sampling::Serial}) {
    chat::FakeBackend backend(
        {}, chat::in_turn({chat::answers("5"), chat::answers("4"), chat::answers("4")}));
    const Trial trial = run_trial(arm_of(3, sampling), kItem, backend, 10, system_clock());
    EXPECT_TRUE(trial.right);
    EXPECT_EQ(trial.chains.size(), 3u);
    std::vector<uint32_t> seeds;
    for (const chat::Request& request : backend.requests()) seeds.push_back(*request.sampling.seed);
    EXPECT_THAT(seeds, ElementsAre(10, 11, 12));
  }
}

class EvaluationTest : public testing::Test {
 protected:
  EvaluationTest() {
    std::filesystem::remove(path_);
    evaluation_.sets = {{"set", {kItem, {.id = "two", .question = "1 and 1?", .answer = "2"}}}};
    evaluation_.arms = {arm_of(1), arm_of(1)};
    evaluation_.arms[1].name = "other";
    evaluation_.servers = {{"fake", &backend_}};
    evaluation_.results = path_;
  }

  Result<std::vector<Trial>> go(int most = 99) {
    return evaluate(evaluation_, system_clock(), [&](const EvaluationStep& step) {
      order_ += step.trial->item + " " + step.trial->arm + "\n";
      return --most > 0;
    });
  }

  // Tests run side by side, each in a process of its own.
  const std::string path_ = testing::TempDir() + "trials-" +
                            testing::UnitTest::GetInstance()->current_test_info()->name() +
                            ".jsonl";
  chat::FakeBackend backend_{{}, chat::answers("4")};
  Evaluation evaluation_;
  std::string order_;
};

TEST_F(EvaluationTest, HasArmsTakeTurnsAndBeginInTurn) {
  const auto trials = go();
  ASSERT_TRUE(trials);
  EXPECT_EQ(order_, "sum arm\nsum other\ntwo other\ntwo arm\n");
  EXPECT_EQ(trials->size(), 4u);
}

TEST_F(EvaluationTest, GoesOnWhereItWasCutOff) {
  ASSERT_EQ(go(3).value().size(), 3u);
  // A program that was killed while it wrote leaves a part of a line.
  std::filesystem::resize_file(path_, std::filesystem::file_size(path_) - 5);
  order_.clear();
  EXPECT_EQ(go().value().size(), 4u);
  EXPECT_EQ(order_, "two other\ntwo arm\n");
  order_.clear();
  EXPECT_EQ(go().value().size(), 4u);
  EXPECT_EQ(order_, "");
  EXPECT_EQ(read_trials(path_).value().size(), 4u);
}

TEST_F(EvaluationTest, LeavesWholeLinesAsTheyAreWhereOneWasCutOff) {
  ASSERT_EQ(go(2).value().size(), 2u);
  const std::string written = file_content(path_).value();
  const std::string spaced = "{ " + written.substr(1);
  std::ofstream(path_) << spaced << "{\"set\": \"qu";
  ASSERT_TRUE(go(2));
  EXPECT_EQ(file_content(path_).value().substr(0, spaced.size()), spaced);
  EXPECT_EQ(read_trials(path_).value().size(), 4u);
}

TEST_F(EvaluationTest, RepeatsWhatAnotherSetupHasAnswered) {
  ASSERT_TRUE(go());
  evaluation_.arms[0].setup = "another model";
  order_.clear();
  EXPECT_EQ(go().value().size(), 4u);
  EXPECT_EQ(order_, "sum arm\ntwo arm\n");
  evaluation_.arms[0].setup = "";
  order_.clear();
  EXPECT_EQ(go().value().size(), 4u);
  EXPECT_EQ(order_, "") << "those of before are still there";
}

TEST_F(EvaluationTest, RepeatsWhatFailed) {
  chat::FakeBackend failing({}, chat::answers_with({.error = Error{ErrorCode::Internal, "oh"}}));
  evaluation_.servers["fake"] = &failing;
  ASSERT_TRUE(go());
  evaluation_.servers["fake"] = &backend_;
  order_.clear();
  const auto trials = go();
  ASSERT_TRUE(trials);
  for (const Trial& trial : *trials) EXPECT_EQ(trial.error, "");
  EXPECT_EQ(std::ranges::count(order_, '\n'), 4);
}

TEST_F(EvaluationTest, SaysWhereItCannotWrite) {
  evaluation_.results = testing::TempDir() + "no such folder/trials.jsonl";
  EXPECT_EQ(go().error().code, ErrorCode::StorageFull);
}

TEST(Report, ComparesArmsOnItemsThatAllHaveAnswered) {
  std::vector<Trial> trials;
  for (int i = 0; i < 4; ++i) {
    const std::string item = std::to_string(i);
    trials.push_back(
        {.set = "s", .item = item, .arm = "one", .right = i < 2, .seconds = 2, .tokens = 10});
    trials.push_back(
        {.set = "s", .item = item, .arm = "many", .right = i < 3, .seconds = 3, .tokens = 40});
  }
  trials.push_back({.set = "s", .item = "lone", .arm = "one", .right = true, .seconds = 9});
  const std::string report = write_report(trials);
  EXPECT_THAT(report, HasSubstr("### s: 4 items"));
  EXPECT_THAT(report,
              HasSubstr("| one | 50.0 | 50.0 | 50.0 | 2.0 | 2.0 | 1.00 (1.00 to 1.00) | 10 |"));
  EXPECT_THAT(report,
              HasSubstr("| many | 75.0 | 75.0 | 75.0 | 3.0 | 3.0 | 1.50 (1.50 to 1.50) | 40 | "
                        "4.00 (4.00 to 4.00) |"));
  EXPECT_THAT(report, HasSubstr("| +25.0 ("));
  EXPECT_EQ(write_report({}), "Nothing was answered.\n");
}

TEST(Report, ComparesWithAnotherArm) {
  const std::vector<Trial> trials = {{.set = "s", .arm = "one", .seconds = 2, .tokens = 10},
                                     {.set = "s", .arm = "many", .seconds = 4, .tokens = 40}};
  const std::string report = write_report(trials, "many");
  EXPECT_THAT(report, HasSubstr("to \"many\""));
  EXPECT_THAT(report, HasSubstr("2.0 | 0.50 (0.50 to 0.50) | 10 | 0.25 (0.25 to 0.25) |"));
  EXPECT_EQ(write_report(trials, "none"), write_report(trials, "one"));
}

TEST(Report, ComparesWithTheFirstArmWhereItsFirstTrialFailed) {
  const std::string report = write_report({{.set = "s", .item = "0", .arm = "one", .error = "full"},
                                           {.set = "s", .item = "0", .arm = "many", .seconds = 3},
                                           {.set = "s", .item = "1", .arm = "one", .seconds = 2},
                                           {.set = "s", .item = "1", .arm = "many", .seconds = 3}});
  EXPECT_THAT(report, HasSubstr("| one | 0.0 | 0.0 | 0.0 | 2.0 | 2.0 | 1.00"));
  EXPECT_THAT(report, HasSubstr("| many | 0.0 | 0.0 | 0.0 | 3.0 | 3.0 | 1.50"));
}

TEST(Report, TellsItemsOfOneIdApart) {
  const std::string report =
      write_report({{.set = "s", .item = "1", .arm = "one", .seed = 1, .seconds = 2},
                    {.set = "s", .item = "1", .arm = "one", .seed = 1001, .seconds = 2}});
  EXPECT_THAT(report, HasSubstr("### s: 2 items"));
}

// Three short chains agree on a wrong answer before two long ones find the right one.
TEST(Replay, ShowsWhatARuleWouldHaveTaken) {
  Trial trial;
  for (const int64_t tokens : {10, 20, 30}) {
    trial.chains.push_back({.text = "7", .answer = "7", .ended = "stop", .tokens = tokens});
  }
  for (const int64_t tokens : {60, 80}) {
    trial.chains.push_back(
        {.text = "4", .answer = "4", .ended = "stop", .tokens = tokens, .right = true});
  }
  const auto replays = replay({trial}, 5);
  const auto find = [&](const std::string& rule) {
    return *std::ranges::find(replays, rule, &Replayed::rule);
  };
  EXPECT_EQ(find("race").right, 0);
  EXPECT_DOUBLE_EQ(find("race").steps, 10 / 40.0);
  EXPECT_DOUBLE_EQ(find("race").tokens, 50 / 200.0);
  EXPECT_DOUBLE_EQ(find("vote").steps, 20 / 40.0) << "where one leads, two of five are enough";
  EXPECT_DOUBLE_EQ(find("majority of all").tokens, 1);
  EXPECT_EQ(find("majority of all").trials, 1);
  EXPECT_TRUE(replay({trial}, 6).empty()) << "no trial has six chains";
}

}  // namespace
}  // namespace melete::eval
