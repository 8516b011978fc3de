// Verifiers that work, throw, and do not come back.

#include "reinforce/grader.h"

#include <gmock/gmock.h>

#include <future>
#include <stdexcept>

#include "train/reinforce/fake_task.h"

namespace melete::train {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Candidate candidate(const std::shared_ptr<const Task>& task, const std::string& answer) {
  const Problem problem{.question = {"2+3?"}, .answer = "5"};
  return {std::make_shared<Question>(task, problem), answer};
}

TEST(Grader, SaysWhichAnswersAreRight) {
  const auto task = std::make_shared<FakeTask>(echo(1));
  const auto right =
      grade({candidate(task, "Answer: 5"), candidate(task, "5"), candidate(task, "Answer: 6")},
            std::chrono::minutes(1));
  ASSERT_TRUE(right) << right.error().message;
  EXPECT_THAT(*right, ElementsAre(1, 0, 0));
}

TEST(Grader, NothingToGradeIsNoError) {
  EXPECT_TRUE(grade({}, std::chrono::minutes(1)));
}

TEST(Grader, AVerifierThatThrowsIsNamedWithItsQuestion) {
  const auto task = std::make_shared<FakeTask>(echo(1), [](const Problem&, std::string_view text) {
    if (text == "x") throw std::runtime_error("no number");
    return true;
  });
  const auto right =
      grade({candidate(task, "Answer: 5"), candidate(task, "Answer: x")}, std::chrono::minutes(1));
  ASSERT_FALSE(right);
  EXPECT_EQ(right.error().code, ErrorCode::Internal);
  EXPECT_EQ(right.error().parameter, "tasks.fake");
  EXPECT_THAT(right.error().message,
              AllOf(HasSubstr("no number"), HasSubstr("Answer: x"), HasSubstr("2+3?")));
}

TEST(Grader, AVerifierThatHangsEndsInAnErrorAtItsDeadline) {
  std::promise<void> never;
  const auto task = std::make_shared<FakeTask>(
      echo(1), [wait = never.get_future().share()](const Problem&, std::string_view) {
        wait.wait();
        return true;
      });
  const auto right = grade({candidate(task, "Answer: slow")}, std::chrono::milliseconds(200));
  never.set_value();
  ASSERT_FALSE(right);
  EXPECT_EQ(right.error().code, ErrorCode::DeadlineExceeded);
  EXPECT_THAT(right.error().message, AllOf(HasSubstr("0.2 s"), HasSubstr("Answer: slow")));
}

}  // namespace
}  // namespace melete::train
