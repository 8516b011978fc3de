// Responses go when they have been kept for their time, under a clock that waits for nobody.

#include "runs/retention.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/asio/experimental/awaitable_operators.hpp>

#include "chat/virtual_clock.h"
#include "store/database_lock.h"
#include "store/stored_things.h"

namespace melete::runs {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

constexpr int64_t kBegin = 1'800'000'000;  // when the clock says zero

class RetentionTest : public testing::Test {
 protected:
  // Keeps a response that was created so long after the beginning.
  void keep(const std::string& id, std::chrono::seconds after,
            const std::string& previous_id = "") {
    store::StoredResponse response = store::sample_response(id);
    response.created_at = kBegin + after.count();
    response.previous_id = previous_id;
    ASSERT_TRUE(database->responses().insert(response));
  }

  // Lets the erasing of responses of more than a day go on for so long.
  void pass(std::chrono::seconds time) {
    const auto work = [&]() -> asio::awaitable<void> {
      const RetentionOptions given = options();
      co_await (erase_old_responses(*database, given) || clock.sleep_until(clock.now() + time));
    };
    ASSERT_TRUE(clock.run(work()));
  }

  RetentionOptions options() {
    return {.keep = 24h, .interval = 1h, .batch = 10, .timer = &clock, .now = [this] {
              const auto passed = clock.now().time_since_epoch();
              return kBegin + std::chrono::duration_cast<std::chrono::seconds>(passed).count();
            }};
  }

  bool has(const std::string& id) { return database->responses().find(id, "alice").has_value(); }

  chat::VirtualClock clock;
  store::TemporaryDatabase database{{.busy_time = 1ms}};
};

TEST_F(RetentionTest, AResponseIsErasedOnceItsTimeIsOver) {
  keep("resp_1", 0h);
  keep("resp_2", 10h);
  pass(24h);
  EXPECT_TRUE(has("resp_1"));
  pass(2h);
  EXPECT_FALSE(has("resp_1"));
  EXPECT_TRUE(has("resp_2"));
  pass(10h);
  EXPECT_FALSE(has("resp_2"));
}

TEST_F(RetentionTest, ManyAreErasedAtOnce) {
  for (int number = 0; number < 95; ++number) keep(fmt::format("resp_{}", number), -48h);
  pass(1s);
  for (int number = 0; number < 95; ++number) EXPECT_FALSE(has(fmt::format("resp_{}", number)));
}

TEST_F(RetentionTest, AChainOfTurnsGoesWithItsLast) {
  keep("resp_1", 0h);
  keep("resp_2", 20h, "resp_1");
  pass(40h);
  EXPECT_TRUE(has("resp_1"));
  pass(6h);
  EXPECT_FALSE(has("resp_2"));
  EXPECT_FALSE(has("resp_1"));
}

TEST_F(RetentionTest, AConversationKeepsItsItems) {
  ASSERT_TRUE(database->conversations().create({.id = "conv_1", .owner = "alice"},
                                               {{.id = "msg_1", .json = "{}"}}));
  pass(1'000h);
  EXPECT_TRUE(database->conversations().item("conv_1", "alice", "msg_1"));
}

TEST_F(RetentionTest, WhatCannotBeErasedNowIsErasedLater) {
  keep("resp_1", -48h);
  {
    const store::DatabaseLock lock(database.file());
    pass(30min);
  }
  EXPECT_TRUE(has("resp_1"));
  pass(1s);
  EXPECT_FALSE(has("resp_1"));
}

}  // namespace
}  // namespace melete::runs
