// Who finds which answer, and for how long.

#include "runs/run_table.h"

#include <gtest/gtest.h>

#include "runs/run_fixture.h"

namespace melete::runs {
namespace {

using namespace std::chrono_literals;

class RunTableTest : public RunTest {
 protected:
  SharedRun add(const std::string& id) {
    auto run = begin({.id = id, .owner = "me", .pace = Pace::Own});
    table.add(run);
    return run;
  }

  SharedRun add_finished(const std::string& id) {
    auto run = add(id);
    EXPECT_TRUE(clock.run(run->pump()));
    return run;
  }

  void wait(std::chrono::seconds time) {
    EXPECT_TRUE(clock.run(clock.sleep_until(clock.now() + time)));
  }

  RunTable table{{.keep = 60s, .most_finished = 2}, clock};
};

TEST_F(RunTableTest, FindsTheOwnersRunsOnly) {
  const auto run = add("a");
  EXPECT_EQ(table.find("a", "me"), run);
  EXPECT_EQ(table.find("a", "you"), nullptr);
  EXPECT_EQ(table.find("b", "me"), nullptr);
  table.remove("a");
  EXPECT_EQ(table.find("a", "me"), nullptr);
}

TEST_F(RunTableTest, KeepsFinishedOnesForAWhile) {
  add_finished("a");
  wait(59s);
  add("b");
  EXPECT_NE(table.find("a", "me"), nullptr);
  wait(2s);
  add("c");
  EXPECT_EQ(table.find("a", "me"), nullptr);
  EXPECT_NE(table.find("b", "me"), nullptr);
  EXPECT_EQ(table.running(), 2);
}

TEST_F(RunTableTest, KeepsOnlySoManyFinishedOnes) {
  for (const char* id : {"a", "b", "c"}) add_finished(id);
  wait(2s);
  add("d");
  EXPECT_EQ(table.find("a", "me"), nullptr);
  EXPECT_NE(table.find("b", "me"), nullptr);
  EXPECT_NE(table.find("c", "me"), nullptr);
}

TEST_F(RunTableTest, StopsAllThatRun) {
  const auto run = add("a");
  table.stop_all();
  ASSERT_TRUE(clock.run(run->pump()));
  EXPECT_EQ(all_of(run, -1), "[incomplete]|");
  EXPECT_EQ(table.running(), 0);
}

}  // namespace
}  // namespace melete::runs
