// Responses come back as they were stored, to their owner alone, and survive a new start.

#include "store/response_store.h"

#include <gtest/gtest.h>

#include "store/stored_things.h"

namespace melete::store {
namespace {

void expect_same(const StoredResponse& found, const StoredResponse& stored) {
  EXPECT_EQ(found.id, stored.id);
  EXPECT_EQ(found.owner, stored.owner);
  EXPECT_EQ(found.status, stored.status);
  EXPECT_EQ(found.created_at, stored.created_at);
  EXPECT_EQ(found.previous_id, stored.previous_id);
  EXPECT_EQ(found.conversation, stored.conversation);
  EXPECT_EQ(found.background, stored.background);
  EXPECT_EQ(found.request, stored.request);
  EXPECT_EQ(found.input, stored.input);
  EXPECT_EQ(found.response, stored.response);
  EXPECT_EQ(found.last_sequence, stored.last_sequence);
}

TEST(ResponseStore, GivesBackEveryField) {
  TemporaryDatabase database;
  StoredResponse stored = sample_response("resp_2");
  stored.status = "queued";
  stored.created_at = 4'102'444'800;  // beyond 32 bits
  stored.previous_id = "resp_1";
  stored.conversation = "conv_1";
  stored.background = true;
  stored.request = "'\"; DROP TABLE responses; -- \u00e9\U0001F600" + std::string(300'000, 'x');
  stored.last_sequence = 5'000'000'000;
  ASSERT_TRUE(database->responses().insert(stored));
  const auto found = database->responses().find("resp_2", "alice");
  ASSERT_TRUE(found) << found.error().message;
  expect_same(*found, stored);
}

TEST(ResponseStore, UpdateWritesWhatGrowsAndNothingElse) {
  TemporaryDatabase database;
  const StoredResponse stored = sample_response("resp_1");
  ASSERT_TRUE(database->responses().insert(stored));
  ASSERT_TRUE(database->responses().update({.id = "resp_1",
                                            .owner = "alice",
                                            .status = "cancelled",
                                            .previous_id = "resp_0",
                                            .request = "{}",
                                            .input = "[]",
                                            .response = R"({"output":[]})",
                                            .last_sequence = 12}));
  StoredResponse expected = stored;
  expected.status = "cancelled";
  expected.response = R"({"output":[]})";
  expected.last_sequence = 12;
  expect_same(*database->responses().find("resp_1", "alice"), expected);
}

TEST(ResponseStore, AnotherOwnersResponseIsNotFoundByAnyCall) {
  TemporaryDatabase database;
  ResponseStore& responses = database->responses();
  ASSERT_TRUE(responses.insert(sample_response("resp_1", "alice")));
  for (const char* stranger : {"bob", ""}) {
    EXPECT_EQ(responses.find("resp_1", stranger).error().code, ErrorCode::NotFound);
    EXPECT_EQ(responses.find_turn("resp_1", stranger).error().code, ErrorCode::NotFound);
    EXPECT_EQ(responses.erase("resp_1", stranger).error().code, ErrorCode::NotFound);
    EXPECT_EQ(responses.update(sample_response("resp_1", stranger)).error().code,
              ErrorCode::NotFound);
  }
  expect_same(*responses.find("resp_1", "alice"), sample_response("resp_1", "alice"));
}

TEST(ResponseStore, ADeletedResponseIsGoneForEveryCall) {
  TemporaryDatabase database;
  ResponseStore& responses = database->responses();
  ASSERT_TRUE(responses.insert(sample_response("resp_1")));
  ASSERT_TRUE(responses.erase("resp_1", "alice"));
  EXPECT_EQ(responses.find("resp_1", "alice").error().message,
            "There is no response resp_1: it was never stored, or it was deleted.");
  EXPECT_EQ(responses.erase("resp_1", "alice").error().code, ErrorCode::NotFound);
  EXPECT_EQ(responses.update(sample_response("resp_1")).error().code, ErrorCode::NotFound);
}

TEST(ResponseStore, AnIdIsTakenOnce) {
  TemporaryDatabase database;
  ASSERT_TRUE(database->responses().insert(sample_response("resp_1", "alice")));
  const auto second = database->responses().insert(sample_response("resp_1", "bob"));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::Conflict);
  EXPECT_EQ(second.error().message, "There is a response resp_1 already: choose another id.");
  EXPECT_TRUE(database->responses().find("resp_1", "alice"));
}

class OldResponses : public testing::Test {
 protected:
  // Keeps a response that was created at `at`.
  void keep(const std::string& id, int64_t at, const std::string& previous_id = "",
            const std::string& status = "completed") {
    StoredResponse response = sample_response(id, "owner of " + id);
    response.created_at = at;
    response.previous_id = previous_id;
    response.status = status;
    ASSERT_TRUE(responses.insert(response));
  }

  bool has(const std::string& id) { return responses.find(id, "owner of " + id).has_value(); }

  TemporaryDatabase database;
  ResponseStore& responses = database->responses();
};

TEST_F(OldResponses, AreErasedOldestFirstWhoeverOwnsThem) {
  keep("resp_1", 10);
  keep("resp_2", 30);
  keep("resp_3", 20, "", "failed");
  keep("resp_4", 40);
  EXPECT_EQ(responses.erase_old(40, 2), 2);
  EXPECT_TRUE(has("resp_2"));
  EXPECT_EQ(responses.erase_old(40, 2), 1);
  EXPECT_EQ(responses.erase_old(40, 2), 0);
  EXPECT_TRUE(has("resp_4"));
}

TEST_F(OldResponses, StayWhileTheyAreUnfinished) {
  keep("resp_1", 10, "", "queued");
  keep("resp_2", 10, "", "in_progress");
  EXPECT_EQ(responses.erase_old(1'000, 10), 0);
}

TEST_F(OldResponses, StayWhileAYoungerOneFollowsThem) {
  keep("resp_1", 10);
  keep("resp_2", 20, "resp_1");
  keep("resp_3", 30, "resp_2");
  EXPECT_EQ(responses.erase_old(30, 10), 0);
  EXPECT_EQ(responses.erase_old(31, 10), 1);
  EXPECT_FALSE(has("resp_3"));
  EXPECT_EQ(responses.erase_old(31, 10), 1);
  EXPECT_EQ(responses.erase_old(31, 10), 1);
  EXPECT_FALSE(has("resp_1"));
}

TEST(ResponseStore, UnfinishedOnesAreListedOldestFirstWhoeverOwnsThem) {
  TemporaryDatabase database;
  ResponseStore& responses = database->responses();
  const auto insert = [&](const char* id, const char* owner, const char* status, int64_t at) {
    StoredResponse response = sample_response(id, owner);
    response.status = status;
    response.created_at = at;
    response.background = true;
    ASSERT_TRUE(responses.insert(response));
  };
  insert("resp_a", "alice", "in_progress", 30);
  insert("resp_b", "bob", "queued", 10);
  insert("resp_c", "alice", "completed", 5);
  insert("resp_d", "alice", "queued", 20);
  insert("resp_e", "bob", "incomplete", 1);
  ASSERT_TRUE(responses.update({.id = "resp_d", .owner = "alice", .status = "failed"}));
  const auto unfinished = responses.unfinished();
  ASSERT_TRUE(unfinished);
  ASSERT_EQ(unfinished->size(), 2U);
  EXPECT_EQ(unfinished->at(0).id, "resp_b");
  EXPECT_EQ(unfinished->at(0).owner, "bob");
  EXPECT_TRUE(unfinished->at(0).background);
  EXPECT_EQ(unfinished->at(1).id, "resp_a");
}

}  // namespace
}  // namespace melete::store
