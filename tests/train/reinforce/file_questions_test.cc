// A file of conversations as questions, and what is refused.

#include "reinforce/file_questions.h"

#include <gmock/gmock.h>

#include <fstream>

#include "reinforce/grader.h"
#include "train/reinforce/fake_task.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class FileQuestionsTest : public testing::Test {
 protected:
  Result<QuestionList> read(const std::string& lines, int64_t most = 10) {
    std::ofstream(folder_ / "exam.jsonl") << lines;
    return file_questions(folder_ / "exam.jsonl", most, 1);
  }

  TemporaryFolder folder_;
};

std::string line(const std::string& question, const std::string& answer) {
  return R"({"messages": [{"role": "user", "content": ")" + question +
         R"("}, {"role": "assistant", "content": ")" + answer + "\"}]}\n";
}

TEST_F(FileQuestionsTest, AnAnswerIsTheLastLineWhereThereIsOne) {
  const Result<QuestionList> questions = read(line("2+3?", "5 it is.\\nAnswer: 5"));
  ASSERT_TRUE(questions) << questions.error().message;
  ASSERT_THAT(*questions, SizeIs(1));
  const auto right = grade({{questions->front(), "Surely.\nAnswer: 5"},
                            {questions->front(), "Answer: 6"},
                            {questions->front(), "5"}},
                           std::chrono::minutes(1));
  ASSERT_TRUE(right) << right.error().message;
  EXPECT_THAT(*right, ElementsAre(1, 0, 0));
}

TEST_F(FileQuestionsTest, ElseItIsAllThatTheAssistantSays) {
  const Result<QuestionList> questions = read(line("Who are you?", "I am Melete."));
  ASSERT_TRUE(questions) << questions.error().message;
  const auto right = grade({{questions->front(), "i am melete"}, {questions->front(), "I am"}},
                           std::chrono::minutes(1));
  ASSERT_TRUE(right) << right.error().message;
  EXPECT_THAT(*right, ElementsAre(1, 0));
}

TEST_F(FileQuestionsTest, AreAsManyAsAskedFor) {
  const std::string lines = line("1?", "1") + line("2?", "2") + line("3?", "3");
  EXPECT_THAT(*read(lines, 2), SizeIs(2));
  EXPECT_THAT(*read(lines, 9), SizeIs(3));
}

TEST_F(FileQuestionsTest, ItemsOfEvaluationsAreGradedAsThere) {
  const Result<QuestionList> questions = read(R"({"question": "How many?", "answer": "1200"})"
                                              "\n");
  ASSERT_TRUE(questions) << questions.error().message;
  const auto right = grade(
      {{questions->front(), "That makes $1,200.00 in all."}, {questions->front(), "1200 or 1300"}},
      std::chrono::minutes(1));
  ASSERT_TRUE(right) << right.error().message;
  EXPECT_THAT(*right, ElementsAre(1, 0));
}

TEST_F(FileQuestionsTest, AnItemMayHaveAPattern) {
  const Result<QuestionList> questions =
      read(R"({"question": "How many?", "answer": "7 apples", "pattern": "\\b(7|seven)\\b"})");
  ASSERT_TRUE(questions) << questions.error().message;
  const auto right = grade(
      {{questions->front(), "Seven? No: seven, I say: seven apples."}, {questions->front(), "17"}},
      std::chrono::minutes(1));
  ASSERT_TRUE(right) << right.error().message;
  EXPECT_THAT(*right, ElementsAre(1, 0));
}

TEST_F(FileQuestionsTest, AVerifierOfTheCallersChecksWholeAnswers) {
  std::ofstream(folder_ / "exam.jsonl") << line("2+3?", "5 it is.\\nAnswer: 5");
  const auto verifier =
      std::make_shared<FakeTask>(echo(1), [](const Problem& problem, std::string_view text) {
        return problem.answer == "5" && text == "Surely.\nfive";
      });
  const Result<QuestionList> questions = file_questions(folder_ / "exam.jsonl", 10, 1, verifier);
  ASSERT_TRUE(questions) << questions.error().message;
  const auto right =
      grade({{questions->front(), "Surely.\nfive"}, {questions->front(), "Answer: 5"}},
            std::chrono::minutes(1));
  ASSERT_TRUE(right) << right.error().message;
  EXPECT_THAT(*right, ElementsAre(1, 0));
  EXPECT_EQ(example_of(questions->front()->problem, Trace::None).answer, "Answer: 5")
      << "by which the verifier itself is checked";
}

TEST_F(FileQuestionsTest, ABrokenItemIsNamedByItsLine) {
  const Result<QuestionList> questions = read(R"({"question": "How many?", "answer": "2"})"
                                              "\n"
                                              R"({"question": "How many?"})");
  ASSERT_FALSE(questions);
  EXPECT_THAT(questions.error().message, HasSubstr("line 2"));
}

TEST_F(FileQuestionsTest, AnItemWithAPictureIsRefused) {
  std::ofstream(folder_ / "cat.png") << "pixels";
  const Result<QuestionList> questions =
      read(R"({"id": "cat", "question": "Who?", "answer": "Mia", "image": "cat.png"})");
  ASSERT_FALSE(questions);
  EXPECT_EQ(questions.error().code, ErrorCode::Unsupported);
  EXPECT_THAT(questions.error().message, HasSubstr("picture or sound in cat"));
}

TEST_F(FileQuestionsTest, ALongerConversationIsNamed) {
  const Result<QuestionList> questions = read(R"({"messages": [{"role": "user", "content": "Hi."},)"
                                              R"({"role": "assistant", "content": "Hello."},)"
                                              R"({"role": "user", "content": "Bye."},)"
                                              R"({"role": "assistant", "content": "Bye."}]})");
  ASSERT_FALSE(questions);
  EXPECT_EQ(questions.error().code, ErrorCode::InvalidArgument);
  EXPECT_THAT(questions.error().message, HasSubstr("Hi."));
}

}  // namespace
}  // namespace melete::train
