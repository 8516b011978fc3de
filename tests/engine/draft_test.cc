// Guessing what an answer writes next: where guesses come from, and how many are worth it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/draft_index.h"
#include "engine/draft_pace.h"

namespace melete::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Chain chain_of(const std::vector<llama_token>& tokens) {
  Chain chain;
  for (const llama_token token : tokens) chain.append(token);
  return chain;
}

TEST(DraftIndex, GuessesWhatFollowedLastTime) {
  DraftIndex index;
  index.read(0, chain_of({1, 2, 3, 4, 5, 9, 1, 2, 3}), 0);
  EXPECT_THAT(index.guess(0, 3), ElementsAre(4, 5, 9));
  EXPECT_THAT(index.guess(0, 99), ElementsAre(4, 5, 9, 1, 2, 3));
}

TEST(DraftIndex, PrefersTheLatestPlace) {
  DraftIndex index;
  index.read(0, chain_of({1, 2, 3, 4, 1, 2, 3, 7, 1, 2, 3}), 0);
  EXPECT_THAT(index.guess(0, 1), ElementsAre(7));
}

TEST(DraftIndex, GuessesNothingForWhatIsNew) {
  DraftIndex index;
  EXPECT_THAT(index.guess(0, 3), IsEmpty());
  index.read(0, chain_of({1, 2}), 0);
  EXPECT_THAT(index.guess(0, 3), IsEmpty());
  index.read(0, chain_of({1, 2, 3, 4, 2, 3}), 0);
  EXPECT_THAT(index.guess(0, 3), IsEmpty()) << "two tokens in common are too few";
}

TEST(DraftIndex, ReadsOnlyWhatIsNew) {
  DraftIndex index;
  Chain chain = chain_of({1, 2, 3, 4});
  index.read(0, chain, 0);
  for (const llama_token token : {1, 2, 3}) chain.append(token);
  index.read(0, chain, 0);
  EXPECT_THAT(index.guess(0, 1), ElementsAre(4));
}

TEST(DraftIndex, TakesFromAnAnswerBesideIt) {
  DraftIndex index;
  index.read(0, chain_of({1, 2, 3, 50, 51, 52, 53}), 0);
  index.read(1, chain_of({1, 2, 3, 60, 50, 51, 52}), 0);
  EXPECT_THAT(index.guess(1, 2), ElementsAre(53));
}

// Speed of rows: eight cost twice as much as one.
const std::map<int, double> kCosts = {{1, 1}, {8, 2}};

TEST(StepCost, LiesBetweenWhatWasMeasured) {
  EXPECT_DOUBLE_EQ(step_cost(kCosts, 1), 1);
  EXPECT_DOUBLE_EQ(step_cost(kCosts, 8), 2);
  EXPECT_DOUBLE_EQ(step_cost({{2, 1}, {4, 3}}, 3), 2);
  EXPECT_DOUBLE_EQ(step_cost(kCosts, 16), 4);
  EXPECT_DOUBLE_EQ(step_cost({}, 5), 5);
}

TEST(DraftPace, GuessesMoreWhileGuessesComeTrue) {
  DraftPace pace;
  const int first = pace.length(kCosts, 1);
  EXPECT_GT(first, 0);
  for (int step = 0; step < 20; ++step) pace.note(7, 7);
  EXPECT_EQ(pace.length(kCosts, 1), DraftPace::kMostGuesses);
}

TEST(DraftPace, GivesUpWhereNothingComesTrueAndTriesAgainLater) {
  DraftPace pace;
  for (int step = 0; step < 40; ++step) pace.note(1, 0);
  EXPECT_EQ(pace.length(kCosts, 1), 0);
  int steps = 0;
  while (pace.length(kCosts, 1) == 0 && steps < 1000) ++steps;
  EXPECT_GT(steps, 1);
  EXPECT_LT(steps, 100);
}

TEST(DraftPace, GuessesNothingWhereEachRowCostsAsMuchAsTheFirst) {
  DraftPace pace;
  for (int step = 0; step < 20; ++step) pace.note(7, 7);
  EXPECT_EQ(pace.length({}, 1), 0);
  EXPECT_EQ(pace.length({{1, 1}, {16, 16}}, 4), 0);
}

}  // namespace
}  // namespace melete::engine
