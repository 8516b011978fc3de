// When each arm has a price, and what it makes of a group.

#include "reinforce/pricing.h"

#include <gmock/gmock.h>

namespace melete::train {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<Outcome> kSolved = {{true, 20}, {true, 60}};
const std::vector<Outcome> kHalf = {{true, 20}, {true, 60}, {false, 10}, {false, 10}};

PricingOptions options_of(Arm arm) {
  return {.arm = arm, .price = {.weight = 0.5, .budget = 100}, .period = 4};
}

TEST(Pricing, FromTheStart) {
  const Pricing pricing(options_of(Arm::Always));
  EXPECT_TRUE(pricing.priced(0));
  EXPECT_THAT(pricing.judge(kSolved, 0, {}).rewards, ElementsAre(DoubleEq(0.9), DoubleEq(0.7)));
  EXPECT_FALSE(pricing.limit_of(kSolved));
}

TEST(Pricing, WithoutAWeightWhatIsAlwaysSolvedTeachesNothing) {
  PricingOptions options = options_of(Arm::Always);
  options.price.weight = 0;
  const Pricing pricing(options);
  EXPECT_FALSE(pricing.priced(0));
  EXPECT_THAT(pricing.judge(kSolved, 0, {}).advantages, IsEmpty());
}

TEST(Pricing, AfterAPlateauItStays) {
  Pricing pricing(options_of(Arm::AfterPlateau));
  for (const double solved : {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.6, 0.6}) pricing.remember(solved);
  EXPECT_FALSE(pricing.priced(8)) << "the last four are better than the four before";
  EXPECT_THAT(pricing.judge(kSolved, 8, {}).rewards, ElementsAre(1, 1));
  for (int step = 0; step < 4; ++step) pricing.remember(0.58);
  EXPECT_TRUE(pricing.priced(12));
  EXPECT_THAT(pricing.judge(kSolved, 12, {}).rewards, ElementsAre(DoubleEq(0.9), DoubleEq(0.7)));
  for (int step = 0; step < 8; ++step) pricing.remember(0.1 * step);
  EXPECT_TRUE(pricing.priced(20));
}

TEST(Pricing, AMemoryGoesOnWhereItStopped) {
  Pricing whole(options_of(Arm::AfterPlateau));
  for (int step = 0; step < 7; ++step) whole.remember(0.5);
  Pricing resumed(options_of(Arm::AfterPlateau));
  resumed.restore(*parse_json(write_json(whole.memory())));
  EXPECT_FALSE(resumed.priced(7));
  resumed.remember(0.5);
  EXPECT_TRUE(resumed.priced(8));
}

TEST(Pricing, ToggleLimitsInTurnsWhatIsSurelySolved) {
  const Pricing pricing(options_of(Arm::Toggle));
  EXPECT_EQ(pricing.limit_of(kHalf), 60);
  EXPECT_THAT(pricing.judge(kSolved, 0, 40).rewards, ElementsAre(1, 0));
  EXPECT_THAT(pricing.judge(kSolved, 3, 40).rewards, ElementsAre(1, 0));
  EXPECT_THAT(pricing.judge(kSolved, 4, 40).rewards, ElementsAre(1, 1)) << "the other turn";
  EXPECT_THAT(pricing.judge(kSolved, 8, 40).rewards, ElementsAre(1, 0));
  EXPECT_THAT(pricing.judge(kSolved, 0, {}).rewards, ElementsAre(1, 1)) << "no limit yet";
  EXPECT_THAT(pricing.judge(kHalf, 0, 40).rewards, ElementsAre(1, 1, 0, 0)) << "not sure yet";
}

TEST(Pricing, AddedToTheRewardItPricesWrongAnswersToo) {
  const Pricing pricing(options_of(Arm::Added));
  EXPECT_THAT(pricing.judge(kHalf, 0, {}).rewards,
              ElementsAre(DoubleEq(0.9), DoubleEq(0.7), DoubleEq(-0.05), DoubleEq(-0.05)));
}

TEST(Pricing, TheShortestAloneIsLearnt) {
  const Pricing pricing(options_of(Arm::Shortest));
  const Judgement judged = pricing.judge(kHalf, 0, {});
  EXPECT_THAT(judged.rewards, ElementsAre(1, 1, 0, 0));
  EXPECT_THAT(judged.advantages, ElementsAre(1, 0, 0, 0));
}

}  // namespace
}  // namespace melete::train
