// Which example comes when.

#include "data/order.h"

#include <gmock/gmock.h>

#include <set>

namespace melete::train {
namespace {

TEST(Interleaving, AsksEachSourceForItsNumbersInOrder) {
  const Interleaving order({3, 1, 2.5});
  std::vector<uint64_t> next(3, 0);
  for (uint64_t i = 0; i < 2000; ++i) {
    const Interleaving::Place place = order.at(i);
    ASSERT_LT(place.source, 3U);
    EXPECT_EQ(place.index, next[place.source]++) << i;
  }
  for (size_t source = 0; source < 3; ++source) EXPECT_EQ(order.count(source, 2000), next[source]);
}

TEST(Interleaving, KeepsTheWeightsAtEveryPlace) {
  const Interleaving order({1, 2, 7});
  for (uint64_t total = 1; total < 500; ++total) {
    EXPECT_NEAR(static_cast<double>(order.count(0, total)), 0.1 * static_cast<double>(total), 2);
    EXPECT_NEAR(static_cast<double>(order.count(2, total)), 0.7 * static_cast<double>(total), 2);
  }
}

TEST(Interleaving, ASourceAloneGivesEverything) {
  const Interleaving order({0.3});
  EXPECT_EQ(order.at(123456789).index, 123456789U);
}

TEST(Shuffled, EachPassVisitsAllOnceInAnotherOrder) {
  for (const uint64_t count : {1, 2, 3, 5, 16, 17, 1000}) {
    std::vector<uint64_t> first;
    std::vector<uint64_t> second;
    for (uint64_t i = 0; i < count; ++i) {
      first.push_back(shuffled(i, count, 7));
      second.push_back(shuffled(count + i, count, 7));
    }
    EXPECT_EQ(std::set<uint64_t>(first.begin(), first.end()).size(), count);
    EXPECT_EQ(std::set<uint64_t>(second.begin(), second.end()).size(), count);
    EXPECT_LT(*std::ranges::max_element(first), count);
    if (count > 10) {
      EXPECT_NE(first, second);
    }
  }
}

TEST(Shuffled, NeighboursComeApartAndSeedsDiffer) {
  int neighbours = 0;
  int same = 0;
  for (uint64_t i = 0; i < 1000; ++i) {
    neighbours += shuffled(i, 1000, 1) + 1 == shuffled(i + 1, 1000, 1);
    same += shuffled(i, 1000, 1) == shuffled(i, 1000, 2);
  }
  EXPECT_LT(neighbours, 10);
  EXPECT_LT(same, 10);
}

}  // namespace
}  // namespace melete::train
