// Identifiers are unique also across threads, have a fixed form, and sort by the time they were
// made.

#include "base/ids.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace melete {
namespace {

TEST(MakeId, IsThePrefixAndTwentyFourCharacters) {
  const std::string id = make_id("resp_");
  ASSERT_EQ(id.size(), 29U);
  EXPECT_EQ(id.substr(0, 5), "resp_");
  EXPECT_EQ(id.find_first_not_of("0123456789abcdefghjkmnpqrstvwxyz", 5), std::string::npos);
}

TEST(MakeId, SortsByTime) {
  std::string earlier = make_id("x");
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    std::string later = make_id("x");
    EXPECT_LT(earlier, later);
    earlier = std::move(later);
  }
}

TEST(MakeId, IsUniqueAcrossThreads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 2000;
  std::vector<std::vector<std::string>> made(kThreads);
  {
    std::vector<std::jthread> threads;
    threads.reserve(kThreads);
    for (auto& mine : made) {
      threads.emplace_back([&mine] {
        for (int index = 0; index < kEach; ++index) mine.push_back(make_id(""));
      });
    }
  }
  std::set<std::string> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), size_t{kThreads} * kEach);
}

}  // namespace
}  // namespace melete
