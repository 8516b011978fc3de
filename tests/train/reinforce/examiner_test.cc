// What answers to questions come to, all together and by difficulty.

#include "reinforce/examiner.h"

#include <gmock/gmock.h>

namespace melete::train {
namespace {

using testing::Key;
using testing::UnorderedElementsAre;

Examined examined(int difficulty, bool right, int64_t thinking_tokens) {
  CheckedAnswer answer;
  answer.rollout.ended = true;
  answer.read.thinking_tokens = thinking_tokens;
  answer.right = right;
  return {.prompt = {}, .difficulty = difficulty, .answers = {answer}};
}

TEST(Examiner, FiguresAreMeansOfAllAnswersAndOfEachDifficulty) {
  const std::vector<Examined> all = {examined(1, true, 10), examined(1, false, 30),
                                     examined(7, true, 50), examined(0, false, 70)};
  const AnswerFigures figures = figures_of(all);
  EXPECT_EQ(figures.count, 4);
  EXPECT_EQ(figures.right, 0.5);
  EXPECT_EQ(figures.thinking_tokens, 40);

  const FiguresByDifficulty by_difficulty = figures_by_difficulty(all);
  ASSERT_THAT(by_difficulty, UnorderedElementsAre(Key(1), Key(7))) << "0 is not known";
  EXPECT_EQ(by_difficulty.at(1).count, 2);
  EXPECT_EQ(by_difficulty.at(1).right, 0.5);
  EXPECT_EQ(by_difficulty.at(1).thinking_tokens, 20);
  EXPECT_EQ(by_difficulty.at(7).right, 1);
}

TEST(Examiner, NothingAskedIsNothingRight) {
  EXPECT_EQ(figures_of({}).right, 0);
  EXPECT_TRUE(figures_by_difficulty({}).empty());
}

}  // namespace
}  // namespace melete::train
