// What answers are worth, as tables.

#include "reinforce/reward.h"

#include <gmock/gmock.h>

namespace melete::train {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;

auto near(double number) {
  return DoubleNear(number, 1e-12);
}

constexpr Price kPrice{.weight = 0.4, .budget = 100};

// Half is right, one of them twice as long.
const std::vector<Outcome> kHalf = {{true, 50}, {true, 100}, {false, 10}, {false, 100}};

TEST(Reward, APriceIsAShareThatGrowsWithLengthAndSolveRate) {
  EXPECT_EQ(solve_rate(kHalf), 0.5);
  EXPECT_THAT(priced_rewards(kHalf, kPrice), ElementsAre(near(0.9), near(0.8), 0, 0));
  const std::vector<Outcome> solved = {{true, 50}, {true, 100}};
  EXPECT_THAT(priced_rewards(solved, kPrice), ElementsAre(near(0.8), near(0.6)));
}

TEST(Reward, WithoutAWeightOnlyRightAndWrongCount) {
  EXPECT_THAT(priced_rewards(kHalf, {.weight = 0, .budget = 100}), ElementsAre(1, 1, 0, 0));
}

TEST(Reward, ASumMakesWrongAnswersBetterByBeingShort) {
  EXPECT_THAT(summed_rewards(kHalf, kPrice),
              ElementsAre(near(0.8), near(0.6), near(-0.04), near(-0.4)));
}

TEST(Reward, ALimitTakesItAllFromWhatIsLonger) {
  EXPECT_THAT(limited_rewards(kHalf, 50), ElementsAre(1, 0, 0, 0));
}

TEST(Reward, TheUsualLengthIsThatOfAShareOfTheRightAnswers) {
  const std::vector<Outcome> group = {{true, 50}, {true, 10}, {false, 1}, {true, 40},
                                      {true, 20}, {true, 30}, {false, 99}};
  EXPECT_EQ(usual_length(group, 0.6), 30);
  EXPECT_EQ(usual_length(group, 0.61), 40);
  EXPECT_EQ(usual_length(group, 1), 50);
  EXPECT_EQ(usual_length(group, 0), 10);
  EXPECT_FALSE(usual_length(std::vector<Outcome>{{false, 5}}, 0.6));
}

TEST(Reward, AdvantagesAreDistancesFromTheMeanAsTheyAre) {
  const std::vector<double> rewards = {0.9, 0.8, 0, 0};
  EXPECT_THAT(advantages_of(rewards),
              ElementsAre(near(0.475), near(0.375), near(-0.425), near(-0.425)));
}

TEST(Reward, RewardsThatAreAlikeTeachNothing) {
  EXPECT_THAT(advantages_of(std::vector<double>{0.7, 0.7}), IsEmpty());
  EXPECT_THAT(advantages_of(std::vector<double>{0, 0, 0}), IsEmpty());
}

TEST(Reward, TheShortestRightAnswerAloneIsTheFirstOfThem) {
  const std::vector<Outcome> group = {{false, 1}, {true, 9}, {true, 4}, {true, 4}};
  EXPECT_THAT(shortest_alone(group), ElementsAre(0, 0, 1, 0));
  EXPECT_THAT(shortest_alone(std::vector<Outcome>{{false, 1}}), IsEmpty());
}

}  // namespace
}  // namespace melete::train
