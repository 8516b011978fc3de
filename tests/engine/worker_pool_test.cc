// Every piece of work is done once, by however many threads.

#include "engine/worker_pool.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace melete::engine {
namespace {

TEST(WorkerPool, DoesEachPieceOfWorkOnce) {
  WorkerPool pool(4);
  for (int round = 0; round < 200; ++round) {
    std::vector<int> done(37);
    pool.run(37, [&](int index) { ++done[index]; });
    EXPECT_EQ(done, std::vector<int>(37, 1)) << "round " << round;
  }
}

TEST(WorkerPool, WorksWithoutThreadsOfItsOwn) {
  WorkerPool pool(1);
  std::vector<int> order;
  pool.run(3, [&](int index) { order.push_back(index); });
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(WorkerPool, NoWorkIsNoError) {
  WorkerPool pool(3);
  pool.run(0, [](int) { FAIL(); });
}

}  // namespace
}  // namespace melete::engine
