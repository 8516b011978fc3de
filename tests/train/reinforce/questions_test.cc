// Which questions a run gets, and what it is told of tasks that cannot be.

#include "reinforce/questions.h"

#include <gmock/gmock.h>

#include <set>

#include "train/reinforce/fake_task.h"

namespace melete::train {
namespace {

using testing::HasSubstr;

constexpr Duration kPatience = std::chrono::minutes(1);

TEST(Questions, AreAllDifferentAndHeldOutOnesAreNotTrainedOn) {
  const QuestionSource source = source_of(std::make_shared<FakeTask>(echo(1000)));
  const Result<QuestionSplit> split =
      split_questions(source, {.held_out = 20, .pool = 100, .least = 4}, kPatience);
  ASSERT_TRUE(split) << split.error().message;
  EXPECT_EQ(split->held_out.size(), 20U);
  EXPECT_EQ(split->pool.size(), 100U);
  std::set<std::string> texts;
  for (const auto& numbers : {split->held_out, split->pool}) {
    for (const uint64_t number : numbers) {
      EXPECT_TRUE(texts.insert(text_of(source.question(number))).second);
    }
  }
}

TEST(Questions, ASmallTaskGivesAllItHas) {
  const QuestionSource source = source_of(std::make_shared<FakeTask>(echo(30)));
  const Result<QuestionSplit> split =
      split_questions(source, {.held_out = 10, .pool = 100, .least = 4}, kPatience);
  ASSERT_TRUE(split) << split.error().message;
  EXPECT_EQ(split->held_out.size(), 10U);
  EXPECT_EQ(split->pool.size(), 20U);
}

TEST(Questions, TooFewOfThemAreAnError) {
  const QuestionSource source = source_of(std::make_shared<FakeTask>(echo(12)));
  const Result<QuestionSplit> split =
      split_questions(source, {.held_out = 10, .pool = 100, .least = 4}, kPatience);
  ASSERT_FALSE(split);
  EXPECT_EQ(split.error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(split.error().parameter, "questions.pool");
  EXPECT_THAT(split.error().message, HasSubstr("only 12 different questions"));
}

TEST(Questions, OneQuestionWithTwoAnswersIsAContradiction) {
  const auto make = [](Random& random) {
    return Problem{.question = {"Heads or tails?"},
                   .answer = random.chance(0.5) ? "heads" : "tails"};
  };
  const Result<QuestionSplit> split = split_questions(source_of(std::make_shared<FakeTask>(make)),
                                                      {.held_out = 1, .pool = 9}, kPatience);
  ASSERT_FALSE(split);
  EXPECT_EQ(split.error().code, ErrorCode::Conflict);
  EXPECT_EQ(split.error().parameter, "tasks.fake");
  EXPECT_THAT(split.error().message, HasSubstr("Heads or tails?"));
}

TEST(Questions, AnAnswerThatItsOwnTaskRefusesIsAContradiction) {
  const auto never = [](const Problem&, std::string_view) { return false; };
  const auto task = std::make_shared<FakeTask>(echo(100), never);
  const Result<QuestionSplit> split = split_questions(source_of(task), {}, kPatience);
  ASSERT_FALSE(split);
  EXPECT_EQ(split.error().code, ErrorCode::Conflict);
  EXPECT_THAT(split.error().message, HasSubstr("contradicts itself"));
}

}  // namespace
}  // namespace melete::train
