// A draw from the whole vocabulary beside the plain sums that it stands for.

#include "engine/full_draw.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

namespace melete::engine {
namespace {

struct Plain {
  std::vector<double> chances;
  double entropy = 0;
};

Plain plain(const std::vector<float>& logits) {
  Plain result;
  double total = 0;
  for (const float logit : logits) total += std::exp(static_cast<double>(logit));
  for (const float logit : logits) {
    result.chances.push_back(std::exp(static_cast<double>(logit)) / total);
    if (result.chances.back() > 0) {
      result.entropy -= result.chances.back() * std::log(result.chances.back());
    }
  }
  return result;
}

std::vector<float> random_logits(size_t count, float spread) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal(0, spread);
  std::vector<float> logits(count);
  for (float& logit : logits) logit = normal(random);
  return logits;
}

TEST(FullDraw, IsThatOfThePlainSums) {
  for (const size_t count : {1, 7, 16, 255, 256, 257, 5000}) {
    const std::vector<float> logits = random_logits(count, 3);
    const Plain expected = plain(logits);
    double sum = 0;
    for (size_t token = 0; token < count; ++token) {
      const double middle = sum + expected.chances[token] / 2;
      sum += expected.chances[token];
      if (expected.chances[token] < 1e-5) continue;  // below what rounding leaves certain
      const FullDraw draw = draw_full(logits, middle);
      ASSERT_EQ(draw.token, static_cast<int32_t>(token)) << count;
      EXPECT_NEAR(draw.log_probability, std::log(expected.chances[token]), 1e-4);
      EXPECT_NEAR(draw.entropy, expected.entropy, 1e-3);
    }
  }
}

TEST(FullDraw, BelowZeroIsTheLikeliest) {
  EXPECT_EQ(draw_full(std::vector<float>{1, 5, 3}, -1).token, 1);
}

TEST(FullDraw, TheEndOfTheSumIsStillAToken) {
  const std::vector<float> logits = random_logits(3000, 1);
  const int32_t token = draw_full(logits, std::nextafter(1.0, 0.0)).token;
  EXPECT_GE(token, 0);
  EXPECT_LT(token, 3000);
}

TEST(FullDraw, OneThatIsSureHasNoEntropy) {
  std::vector<float> logits(1000, -200);
  logits[42] = 10;
  const FullDraw draw = draw_full(logits, 0.999);
  EXPECT_EQ(draw.token, 42);
  EXPECT_NEAR(draw.log_probability, 0, 1e-6);
  EXPECT_NEAR(draw.entropy, 0, 1e-6);
}

TEST(FullDraw, NumbersThatAreNoneShowInTheEntropy) {
  std::vector<float> logits(64, 1);
  logits[3] = std::numeric_limits<float>::quiet_NaN();
  logits[0] = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(std::isfinite(draw_full(logits, 0.5).entropy));
}

}  // namespace
}  // namespace melete::engine
