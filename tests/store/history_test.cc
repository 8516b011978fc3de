// The items before a turn: all that its chain holds, oldest first, or a reason why not.

#include "store/history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/stored_things.h"

namespace melete::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class HistoryTest : public testing::Test {
 protected:
  void insert(const std::string& id, const std::string& previous,
              const std::string& status = "completed") {
    StoredResponse response = sample_response(id);
    response.previous_id = previous;
    response.status = status;
    ASSERT_TRUE(responses().insert(response));
  }

  ResponseStore& responses() { return database_->responses(); }

  std::vector<std::string> ids_before(const std::string& id, HistoryLimits limits = {}) {
    std::vector<std::string> ids;
    const auto items = history(responses(), id, "alice", limits);
    EXPECT_TRUE(items) << items.error().message;
    if (!items) return ids;
    for (const Json& item : *items) ids.push_back(item.at("id"));
    return ids;
  }

  void expect_error(const std::string& id, ErrorCode code, const std::string& words,
                    HistoryLimits limits = {}) {
    const auto items = history(responses(), id, "alice", limits);
    ASSERT_FALSE(items);
    EXPECT_EQ(items.error().code, code);
    EXPECT_THAT(items.error().message, HasSubstr(words));
  }

  TemporaryDatabase database_;
};

TEST_F(HistoryTest, GivesInputThenOutputOfEachTurnOldestFirst) {
  insert("r1", "");
  insert("r2", "r1", "incomplete");
  insert("r3", "r2", "failed");
  insert("other", "r1");
  EXPECT_THAT(ids_before("r3"),
              ElementsAre("r1_in", "r1_out", "r2_in", "r2_out", "r3_in", "r3_out"));
  EXPECT_THAT(ids_before("other"), ElementsAre("r1_in", "r1_out", "other_in", "other_out"));
}

TEST_F(HistoryTest, AMissingTurnIsNamed) {
  insert("r1", "");
  insert("r2", "r1");
  expect_error("r9", ErrorCode::NotFound, "There is no response r9");
  ASSERT_TRUE(responses().erase("r1", "alice"));
  expect_error("r2", ErrorCode::NotFound, "There is no response r1");
}

TEST_F(HistoryTest, AnotherOwnersTurnIsMissing) {
  ASSERT_TRUE(responses().insert(sample_response("theirs", "bob")));
  insert("mine", "theirs");
  expect_error("mine", ErrorCode::NotFound, "There is no response theirs");
}

TEST_F(HistoryTest, ACircleIsRefused) {
  insert("r1", "r3");
  insert("r2", "r1");
  insert("r3", "r2");
  insert("self", "self");
  expect_error("r3", ErrorCode::Conflict, "Response r3 follows itself");
  expect_error("self", ErrorCode::Conflict, "Response self follows itself");
}

TEST_F(HistoryTest, ATurnThatIsStillWrittenIsRefused) {
  insert("r1", "", "in_progress");
  insert("r2", "", "queued");
  expect_error("r1", ErrorCode::Conflict, "Response r1 is in_progress: wait for its end");
  expect_error("r2", ErrorCode::Conflict, "Response r2 is queued");
}

TEST_F(HistoryTest, DepthAndBytesAreBounded) {
  insert("r1", "");
  insert("r2", "r1");
  insert("r3", "r2");
  EXPECT_EQ(ids_before("r3", {.turns = 3}).size(), 6U);
  expect_error("r3", ErrorCode::TooLarge, "more than 2 turns", {.turns = 2});
  const StoredResponse one = sample_response("r1");
  const size_t bytes = 3 * (one.input.size() + one.response.size());
  EXPECT_EQ(ids_before("r3", {.bytes = bytes}).size(), 6U);
  expect_error("r3", ErrorCode::TooLarge, "bytes", {.bytes = bytes - 1});
}

TEST_F(HistoryTest, WhatIsNoResponseIsCalledDamaged) {
  for (const char* text : {"", "{", "[]", "7", R"({"output":{}})"}) {
    StoredResponse response = sample_response("r1");
    response.response = text;
    ASSERT_TRUE(responses().insert(response));
    expect_error("r1", ErrorCode::Corrupt, "damaged");
    ASSERT_TRUE(responses().erase("r1", "alice"));
  }
  StoredResponse response = sample_response("r1");
  response.input = R"("text")";
  ASSERT_TRUE(responses().insert(response));
  expect_error("r1", ErrorCode::Corrupt, "damaged");
}

}  // namespace
}  // namespace melete::store
