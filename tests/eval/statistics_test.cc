// Quantiles and the intervals of paired samples, where the right ones are known.

#include "eval/statistics.h"

#include <gtest/gtest.h>

#include <vector>

namespace melete::eval {
namespace {

TEST(Quantile, LiesBetweenNeighboursInProportion) {
  const std::vector<double> values = {4, 1, 3, 2};
  EXPECT_DOUBLE_EQ(quantile(values, 0), 1);
  EXPECT_DOUBLE_EQ(quantile(values, 0.5), 2.5);
  EXPECT_DOUBLE_EQ(quantile(values, 1), 4);
  EXPECT_DOUBLE_EQ(quantile({}, 0.5), 0);
}

// For n differences of deviation s the mean's 95 % interval is about 1.96 s / sqrt(n) wide on each
// side.
TEST(PairedDifference, HasTheNormalIntervalForManySamples) {
  std::vector<double> left;
  std::vector<double> right;
  for (int i = 0; i < 400; ++i) {
    left.push_back(i % 2);  // mean 0.5, deviation 0.5
    right.push_back(0);
  }
  const Interval interval = paired_difference(left, right);
  EXPECT_DOUBLE_EQ(interval.value, 0.5);
  EXPECT_NEAR(interval.low, 0.5 - 1.96 * 0.025, 0.006);
  EXPECT_NEAR(interval.high, 0.5 + 1.96 * 0.025, 0.006);
}

TEST(PairedDifference, OfPairsThatDifferAlikeHasNoWidth) {
  const std::vector<double> left = {5, 9, 100};
  const std::vector<double> right = {3, 7, 98};
  const Interval interval = paired_difference(left, right);
  EXPECT_DOUBLE_EQ(interval.low, 2);
  EXPECT_DOUBLE_EQ(interval.high, 2);
}

TEST(PairedRatio, IsTheMedianOfThePairsRatios) {
  const std::vector<double> left = {2, 30, 400, 7};
  const std::vector<double> right = {1, 10, 100, 0};
  EXPECT_DOUBLE_EQ(paired_ratio(left, right).value, 3);
}

}  // namespace
}  // namespace melete::eval
