// Only so many background answers run side by side, in the order in which they came.

#include "runs/run_queue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace melete::runs {
namespace {

using testing::ElementsAre;

class RunQueueTest : public testing::Test {
 protected:
  void push(const std::string& id) {
    queue.push(id, [this, id] { begun.push_back(id); });
  }

  RunQueue queue{{.running = 2, .waiting = 2}};
  std::vector<std::string> begun;
};

TEST_F(RunQueueTest, BeginsTheNextWhenOneIsDone) {
  for (const char* id : {"a", "b", "c", "d"}) push(id);
  EXPECT_THAT(begun, ElementsAre("a", "b"));
  queue.done();
  EXPECT_THAT(begun, ElementsAre("a", "b", "c"));
  queue.done();
  queue.done();
  EXPECT_THAT(begun, ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(queue.running(), 1);
}

TEST_F(RunQueueTest, HasRoomForAsManyAsMayWait) {
  for (const char* id : {"a", "b", "c"}) push(id);
  EXPECT_TRUE(queue.has_room());
  push("d");
  const auto room = queue.has_room();
  ASSERT_FALSE(room);
  EXPECT_EQ(room.error().code, ErrorCode::Overloaded);
}

TEST_F(RunQueueTest, ForgetsOneThatIsTakenOut) {
  for (const char* id : {"a", "b", "c", "d"}) push(id);
  queue.remove("c");
  queue.remove("a");
  queue.done();
  EXPECT_THAT(begun, ElementsAre("a", "b", "d"));
}

TEST_F(RunQueueTest, BeginsNothingAfterItsClose) {
  for (const char* id : {"a", "b", "c"}) push(id);
  queue.close();
  queue.done();
  push("d");
  EXPECT_THAT(begun, ElementsAre("a", "b"));
}

}  // namespace
}  // namespace melete::runs
