// Examples that give a test question away.

#include "corpus/test_questions.h"

#include <gmock/gmock.h>

#include <fstream>

#include "data/media_file.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;

class TestQuestionsTest : public testing::Test {
 protected:
  TestQuestions with(const std::string& lines) {
    std::ofstream(folder_ / "test.jsonl") << lines;
    TestQuestions questions(13);
    const Result<void> added = questions.add(folder_ / "test.jsonl");
    EXPECT_TRUE(added) << added.error().message;
    return questions;
  }

  static bool says(const TestQuestions& questions, const std::string& text) {
    return questions.given_away_by(
        fingerprint_of({{Speaker::User, {text}, {}}, {Speaker::Assistant, {"Fine."}, {}}}));
  }

  TemporaryFolder folder_;
};

TEST_F(TestQuestionsTest, ThirteenWordsInARowGiveAQuestionAway) {
  const TestQuestions questions = with(
      R"({"question":"A farmer has twelve cows and sells three of them each week to his old neighbour Tom."})"
      "\n");
  EXPECT_EQ(questions.size(), 1);
  EXPECT_TRUE(
      says(questions, "Listen: cows and sells three of them each week to his old neighbour Tom!"))
      << "its last thirteen words, in other company";
  EXPECT_FALSE(says(questions, "and sells three of them each week to his old neighbour Tom"))
      << "twelve of them";
  EXPECT_FALSE(
      says(questions, "A farmer has eleven cows and sells four of them each month to Tom."));
}

TEST_F(TestQuestionsTest, AShortQuestionCountsWhole) {
  const TestQuestions questions = with(R"({"question":"How many legs has a spider?"})");
  EXPECT_TRUE(says(questions, "Tell me, how many legs has a spider"));
  EXPECT_FALSE(says(questions, "How many legs has a beetle?"));
}

TEST_F(TestQuestionsTest, AFewWordsCountOnlyAsAWholeTurn) {
  const TestQuestions questions = with(R"({"question":"Who are you?"})");
  EXPECT_TRUE(says(questions, "who are you"));
  EXPECT_FALSE(says(questions, "I forgot who are you talking about."));
}

TEST_F(TestQuestionsTest, AnswersAndReasoningAreSearchedToo) {
  const TestQuestions questions = with(R"({"question":"How many legs has a spider?"})");
  EXPECT_TRUE(questions.given_away_by(
      fingerprint_of({{Speaker::User, {"Well?"}, {}},
                      {Speaker::Assistant, {"Eight."}, "You mean: how many legs has a spider?"}})));
}

TEST_F(TestQuestionsTest, OfConversationsTheUsersTurnsCount) {
  const TestQuestions questions =
      with(R"({"messages":[{"role":"user","content":"Is seven a prime number?"},)"
           R"({"role":"assistant","content":"Yes, it has no divisor."}]})");
  EXPECT_TRUE(says(questions, "Is seven a prime number?"));
  EXPECT_FALSE(says(questions, "Yes, it has no divisor."));
}

TEST_F(TestQuestionsTest, AQuestionWithAPictureIsItsPicture) {
  const Picture tested{2, 1, {255, 0, 0, 0, 0, 9}};
  const Picture other{2, 1, {255, 0, 0, 0, 0, 8}};
  ASSERT_TRUE(write_picture(folder_ / "a.png", tested));
  for (const char* line :
       {R"({"messages":[{"role":"user","content":[{"type":"image","image":"a.png"},)"
        R"({"type":"text","text":"How many shapes are in this picture?"}]},)"
        R"({"role":"assistant","content":"2"}]})",
        R"({"question":"How many shapes are in this picture?","answer":"2","image":"a.png"})"}) {
    const TestQuestions questions = with(line);
    const auto seen = [&](const Picture& picture, const std::string& text) {
      return questions.given_away_by(
          fingerprint_of({{Speaker::User, {picture, text}, {}}, {Speaker::Assistant, {"2"}, {}}}));
    };
    EXPECT_TRUE(seen(tested, "Describe it.")) << line;
    EXPECT_FALSE(seen(other, "How many shapes are in this picture?")) << line;
    EXPECT_FALSE(says(questions, "How many shapes are in this picture?")) << line;
  }
}

TEST_F(TestQuestionsTest, ATestThatCannotBeReadIsAnErrorWithItsLine) {
  std::ofstream(folder_ / "test.jsonl") << "{\"question\":\"a\"}\n{\"q\":\"b\"}\n";
  TestQuestions questions(13);
  const Result<void> added = questions.add(folder_ / "test.jsonl");
  ASSERT_FALSE(added);
  EXPECT_THAT(added.error().message, HasSubstr("test.jsonl:2"));
  EXPECT_EQ(questions.add(folder_ / "none.jsonl").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace melete::train
