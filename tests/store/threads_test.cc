// Many threads share one database: all of their calls succeed, and items of a conversation keep a
// single order.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "store/stored_things.h"

namespace melete::store {
namespace {

constexpr int kThreads = 8;
constexpr int kEach = 25;

TEST(Threads, ShareFewSessions) {
  TemporaryDatabase database({.sessions = 2, .busy_time = std::chrono::seconds(60)});
  ASSERT_TRUE(database->conversations().create({.id = "conv_1"}));
  std::atomic<int> failures = 0;
  const auto check = [&failures](const auto& result) {
    if (!result) ++failures;
  };
  const auto work = [&](int thread) {
    for (int number = 0; number < kEach; ++number) {
      const std::string id = fmt::format("resp_{}_{}", thread, number);
      StoredResponse response = sample_response(id);
      check(database->responses().insert(response));
      response.status = "failed";
      check(database->responses().update(response));
      check(database->responses().find(id, "alice"));
      check(database->conversations().add_items("conv_1", "", {{id, "{}"}, {id + "b", "{}"}}));
      check(database->conversations().items("conv_1", "", {}));
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) threads.emplace_back(work, thread);
  }
  EXPECT_EQ(failures, 0);
  const auto items = database->conversations().items(
      "conv_1", "", {.limit = 2 * kThreads * kEach + 1, .ascending = true});
  ASSERT_TRUE(items);
  ASSERT_EQ(items->data.size(), 2U * kThreads * kEach);
  for (size_t index = 0; index < items->data.size(); index += 2) {
    EXPECT_EQ(items->data[index].id + "b", items->data[index + 1].id);
  }
}

}  // namespace
}  // namespace melete::store
