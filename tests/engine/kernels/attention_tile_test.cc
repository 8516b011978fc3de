// Every instruction set's arithmetic of a tile of attention, query by query and all at once.

#include "engine/kernels/attention_tile.h"

#include <gtest/gtest.h>

#include <limits>
#include <span>
#include <vector>

#include "engine/kernels/catalogue.h"
#include "engine/kernels/random_weights.h"

namespace melete::engine::kernels::testing {
namespace {

constexpr float kMinusInfinity = -std::numeric_limits<float>::infinity();

class TileArithmetic : public ::testing::TestWithParam<const AttentionMath*> {
 protected:
  static constexpr int kSize = 80;
  static constexpr int kQueries = 23;

  // Looks at the tile twice, so that something was gathered before.
  static std::vector<float> results(const AttentionMath& math, std::span<const int> chosen) {
    const auto numbers = random_values(kSize * kQueries, 1);
    const auto keys = random_values(kSize * kTileCells, 2);
    const auto values = random_values(kSize * kTileCells, 3);
    const auto biases = random_values(kTileCells, 4);
    std::vector<double> gathered(kSize * chosen.size(), 0);
    std::vector<Partial> partials;
    std::vector<TileQuery> queries;
    for (size_t i = 0; i < chosen.size(); i++) {
      partials.push_back({kMinusInfinity, 0, &gathered[i * kSize]});
    }
    for (size_t i = 0; i < chosen.size(); i++) {
      queries.push_back({.query = &numbers[chosen[i] * kSize],
                         .biases = biases.data(),
                         .count = chosen[i] < 12 ? kTileCells : chosen[i],
                         .partial = &partials[i]});
    }
    const AttentionTile tile = {.keys = keys.data(),
                                .values = values.data(),
                                .key_size = kSize,
                                .value_size = kSize,
                                .scale = 0.2f};
    math.attend(tile, queries);
    math.attend(tile, queries);
    std::vector<float> results;
    for (size_t i = 0; i < gathered.size(); i++) {
      results.push_back(static_cast<float>(gathered[i] / partials[i / kSize].sum));
    }
    return results;
  }

  static std::vector<float> all(const AttentionMath& math) {
    std::vector<int> chosen(kQueries);
    for (int i = 0; i < kQueries; i++) chosen[i] = i;
    return results(math, chosen);
  }
};
INSTANTIATE_TEST_SUITE_P(Sets, TileArithmetic, ::testing::ValuesIn(runnable_attention_math()));

TEST_P(TileArithmetic, GivesEachQueryTheSameBitsInAnyCompany) {
  const auto together = all(*GetParam());
  for (int query = 0; query < kQueries; query++) {
    const std::vector<int> single = {query};
    const auto expected = results(*GetParam(), single);
    for (int k = 0; k < kSize; k++) {
      ASSERT_EQ(together[query * kSize + k], expected[k]) << "query " << query << ", number " << k;
    }
  }
}

TEST_P(TileArithmetic, IsTheOtherSetsWithinRounding) {
  const auto expected = all(*runnable_attention_math().back());
  const auto actual = all(*GetParam());
  for (size_t i = 0; i < expected.size(); i++) ASSERT_NEAR(actual[i], expected[i], 1e-5);
}

}  // namespace
}  // namespace melete::engine::kernels::testing
