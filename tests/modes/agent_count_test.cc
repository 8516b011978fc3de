// How many agents work, and how long one of them would take alone.

#include "modes/agent_count.h"

#include <gtest/gtest.h>

#include "modes/chain_estimate.h"

namespace melete::modes {
namespace {

using std::chrono::seconds;

AgentCount count(int wanted, std::map<int, double> costs = {}, int limit = 64) {
  chat::Request request;
  request.agents = wanted;
  request.limits.agents = limit;
  const auto counted = agent_count(request, {.step_costs = std::move(costs)}, {});
  EXPECT_TRUE(counted.has_value());
  return counted.value_or(AgentCount{});
}

TEST(AgentCount, IsWhatWasAskedFor) {
  EXPECT_EQ(count(5).first, 5);
  EXPECT_EQ(count(5).most, 5);
  EXPECT_EQ(count(5, {{2, 9}}).first, 5) << "whatever it costs";
  EXPECT_EQ(count(64).first, 64);
  EXPECT_EQ(count(8, {}, 3).most, 3);
  EXPECT_EQ(count(8, {}, 0).most, 1);
}

TEST(AgentCount, IsRefusedOutOfRange) {
  for (const int wanted : {-1, 65, 1000}) {
    chat::Request request;
    request.agents = wanted;
    const auto refused = agent_count(request, {}, {});
    ASSERT_FALSE(refused) << wanted;
    EXPECT_EQ(refused.error().parameter, "agents");
  }
}

TEST(AgentCount, AutoTakesTheMostWithinTheRatio) {
  EXPECT_EQ(count(0).first, 4) << "nothing is known";
  EXPECT_EQ(count(0, {{2, 1.0}, {4, 1.1}, {8, 1.25}, {16, 1.3}}).first, 8);
  EXPECT_EQ(count(0, {{2, 1.0}, {4, 1.05}, {8, 1.1}, {16, 1.2}}).most, 16);
  EXPECT_EQ(count(0, {{2, 1.0}, {4, 1.2}, {8, 1.4}}).first, 5) << "any number";
  EXPECT_EQ(count(0, {{2, 1.1}, {4, 1.5}, {8, 1.2}}).first, 2) << "and no further";
}

TEST(AgentCount, AutoComesInWavesWhereStepsAreDear) {
  const AgentCount waves = count(0, {{2, 1.5}, {4, 2.6}, {8, 4.6}});
  EXPECT_EQ(waves.first, 3);
  EXPECT_EQ(waves.wave, 2);
  EXPECT_EQ(waves.most, 8);
  const AgentCount wide = count(0, {{2, 1.2}, {4, 1.4}, {8, 2.4}});
  EXPECT_EQ(wide.first, 2);
  EXPECT_EQ(wide.wave, 6) << "one wave of six takes less than three of two";
  EXPECT_EQ(count(0, {{2, 1.5}}, 2).first, 2);
  EXPECT_EQ(count(0, {{2, 1.5}}, 2).most, 2);
}

TEST(StepCost, LiesBetweenAndBeyondTheKnownOnes) {
  const std::map<int, double> costs{{2, 1.5}, {4, 2.5}, {8, 4}};
  EXPECT_DOUBLE_EQ(step_cost(costs, 1), 1);
  EXPECT_DOUBLE_EQ(step_cost(costs, 4), 2.5);
  EXPECT_DOUBLE_EQ(step_cost(costs, 3), 2);
  EXPECT_DOUBLE_EQ(step_cost(costs, 16), 8);
  EXPECT_DOUBLE_EQ(step_cost({}, 7), 1);
}

TEST(ChainEstimate, IsTheMeanOfTheFinishedChains) {
  ChainEstimate estimate({});
  EXPECT_FALSE(estimate.in_company());
  estimate.add({.took = seconds(2), .tokens = 10, .tokens_of_all = 40});
  estimate.add({.took = seconds(4), .tokens = 20, .tokens_of_all = 50});
  EXPECT_EQ(estimate.in_company(), seconds(3));
  EXPECT_EQ(estimate.alone(), seconds(3)) << "no cost is known";
}

TEST(ChainEstimate, AloneTakesTheCostOfTheOthersOff) {
  ChainEstimate estimate({{2, 1.5}, {4, 2}});
  estimate.add({.took = seconds(4), .tokens = 10, .tokens_of_all = 40});
  EXPECT_EQ(estimate.in_company(), seconds(4));
  EXPECT_EQ(estimate.alone(), seconds(2));
}

TEST(ChainEstimate, TakesAChainWithoutTokens) {
  ChainEstimate estimate({{2, 1.5}});
  estimate.add({.took = seconds(1)});
  EXPECT_EQ(estimate.alone(), seconds(1));
}

}  // namespace
}  // namespace melete::modes
