// Models take turns on the processor's threads, in the order in which they asked.

#include "engine/compute_threads.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace melete::engine {
namespace {

TEST(ComputeThreads, OneStepAtATime) {
  ComputeThreads threads(1);
  std::atomic<int> inside = 0;
  std::atomic<int> together = 0;
  const auto take_turns = [&] {
    for (int step = 0; step < 200; ++step) {
      const ComputeThreads::Turn turn(threads);
      if (++inside > 1) ++together;
      std::this_thread::yield();
      --inside;
    }
  };
  std::thread first(take_turns);
  std::thread second(take_turns);
  first.join();
  second.join();
  EXPECT_EQ(together, 0);
}

TEST(ComputeThreads, NobodyIsPassedOver) {
  ComputeThreads threads(1);
  std::vector<int> order;  // written during turns only
  auto running = std::make_unique<ComputeThreads::Turn>(threads);
  std::atomic<bool> waits = false;
  std::thread waiting([&] {
    waits = true;
    const ComputeThreads::Turn turn(threads);
    order.push_back(1);
  });
  while (!waits) std::this_thread::yield();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));  // until it stands in line
  running.reset();
  {
    const ComputeThreads::Turn again(threads);
    order.push_back(2);
  }
  waiting.join();
  EXPECT_EQ(order, (std::vector{1, 2}));
}

TEST(ComputeThreads, CountsAtLeastTheCaller) {
  EXPECT_EQ(ComputeThreads(0).count(), 1);
  EXPECT_GE(make_compute_threads(0)->count(), 1);
  EXPECT_EQ(make_compute_threads(3)->count(), 3);
}

}  // namespace
}  // namespace melete::engine
