// The turns that a connection remembers: the last ones, within a bound.

#include "api/recent_turns.h"

#include <gtest/gtest.h>

namespace melete::api {
namespace {

TEST(RecentTurns, GiveAConversationWithItsAnswer) {
  RecentTurns turns;
  turns.keep("resp_1", R"([{"role":"user"}])", R"([{"role":"assistant"}])");
  ASSERT_TRUE(turns.contains("resp_1"));
  EXPECT_EQ(*turns.find("resp_1"), Json::parse(R"([{"role":"user"},{"role":"assistant"}])"));
  EXPECT_FALSE(turns.contains("resp_2"));
  EXPECT_FALSE(turns.find("resp_2"));
}

TEST(RecentTurns, LetGoOfTheOldest) {
  RecentTurns turns(RecentTurnsLimits{.turns = 2});
  for (const char* id : {"a", "b", "c"}) turns.keep(id, "[]", "[]");
  EXPECT_FALSE(turns.contains("a"));
  EXPECT_TRUE(turns.contains("b"));
  EXPECT_TRUE(turns.contains("c"));
}

TEST(RecentTurns, StayWithinTheirBytes) {
  RecentTurns turns(RecentTurnsLimits{.bytes = 12});
  turns.keep("a", "[1]", "[]");
  turns.keep("b", "[2]", "[]");
  EXPECT_TRUE(turns.contains("a"));
  turns.keep("c", "[3]", "[]");
  EXPECT_FALSE(turns.contains("a"));
  EXPECT_TRUE(turns.contains("b"));
  turns.keep("long", "[1,2,3,4,5]", "[]");
  EXPECT_FALSE(turns.contains("long"));
  EXPECT_TRUE(turns.contains("b")) << "what cannot be kept displaces nothing";
}

TEST(RecentTurns, ForgetWhatTheyAreTold) {
  RecentTurns turns(RecentTurnsLimits{.bytes = 10});
  turns.keep("a", "[1]", "[]");
  turns.forget("a");
  turns.forget("never there");
  EXPECT_FALSE(turns.contains("a"));
  turns.keep("b", "[1]", "[]");
  turns.keep("c", "[1]", "[]");
  EXPECT_TRUE(turns.contains("b")) << "its room is free again";
}

}  // namespace
}  // namespace melete::api
