// What a request says about other requests: which fields go together, and what each may hold.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/responses/read_request.h"
#include "store/stored_things.h"

namespace melete::api::responses {
namespace {

class StateFieldsTest : public testing::Test {
 protected:
  Result<ReadResponsesRequest> read(const std::string& more) {
    const std::string comma = more.empty() ? "" : ", ";
    return read_request(R"({"input": "Hi")" + comma + more + "}", {&*database, nullptr, "me"}, "x");
  }

  // The field to blame; "none" where all is well.
  std::string blamed(const std::string& more) {
    const auto request = read(more);
    return request ? "none" : request.error().parameter;
  }

  store::TemporaryDatabase database;
};

TEST_F(StateFieldsTest, AResponseIsStoredUnlessItsCallerSaysOtherwise) {
  EXPECT_TRUE(read("")->state.store);
  EXPECT_EQ(read("")->settings["store"], true);
  EXPECT_FALSE(read(R"("store": false)")->state.store);
  EXPECT_FALSE(read_request(R"({"input": "Hi"})")->state.store);
}

TEST_F(StateFieldsTest, ItsInputBecomesItemsWithIds) {
  const Json input = read("")->input;
  EXPECT_EQ(input[0]["id"], "msg_x_i0");
  EXPECT_EQ(input[0]["content"][0]["text"], "Hi");
  const auto request = read_request(
      R"({"input": [{"role": "user", "content": "a"},
          {"type": "function_call", "id": "mine", "call_id": "c", "name": "f", "arguments": "{}"},
          {"type": "function_call_output", "call_id": "c", "output": "1"}]})",
      {&*database, nullptr, "me"}, "x");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->input[0]["type"], "message");
  EXPECT_EQ(request->input[1]["id"], "fc_x_i1");
  EXPECT_EQ(request->input[2]["id"], "fco_x_i2");
}

TEST_F(StateFieldsTest, WhatDoesNotGoTogetherIsRefused) {
  EXPECT_EQ(blamed(R"("background": true)"), "none");
  EXPECT_EQ(blamed(R"("background": true, "store": false)"), "background");
  EXPECT_EQ(blamed(R"("conversation": "c", "store": false)"), "conversation");
  EXPECT_EQ(blamed(R"("conversation": "c", "previous_response_id": "r")"), "previous_response_id");
  EXPECT_EQ(blamed(R"("conversation": {})"), "conversation.id");
  EXPECT_EQ(blamed(R"("conversation": 7)"), "conversation");
  EXPECT_EQ(blamed(R"("previous_response_id": "")"), "previous_response_id");
  EXPECT_EQ(blamed(R"("truncation": "auto")"), "none");
  EXPECT_EQ(blamed(R"("context_management": [{"type": "other", "compact_threshold": 9}])"),
            "context_management[0].type");
  EXPECT_EQ(blamed(R"("context_management": [{"type": "compaction"}])"),
            "context_management[0].compact_threshold");
  EXPECT_EQ(blamed(R"("context_management": [{"type": "compaction", "compact_threshold": 9}])"),
            "context_management[0].type")
      << "without a seal";
}

TEST_F(StateFieldsTest, WhatIsNotThereIsNamed) {
  const auto request = read(R"("previous_response_id": "resp_9")");
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().code, ErrorCode::NotFound);
  EXPECT_EQ(request.error().parameter, "previous_response_id");
  EXPECT_EQ(blamed(R"("conversation": "conv_9")"), "conversation");
}

TEST_F(StateFieldsTest, OneWhoFollowsItselfIsRefused) {
  for (const auto& [id, previous] :
       {std::pair{"resp_1", "resp_2"}, std::pair{"resp_2", "resp_1"}}) {
    ASSERT_TRUE(database->responses().insert({.id = id,
                                              .owner = "me",
                                              .status = "completed",
                                              .previous_id = previous,
                                              .request = "{}",
                                              .input = "[]",
                                              .response = R"({"output": []})"}));
  }
  const auto request = read(R"("previous_response_id": "resp_1")");
  ASSERT_FALSE(request);
  EXPECT_EQ(request.error().code, ErrorCode::Conflict);
}

TEST_F(StateFieldsTest, ACutCallOfAnEarlierTurnIsLeftOut) {
  ASSERT_TRUE(database->responses().insert(
      {.id = "resp_1",
       .owner = "me",
       .status = "incomplete",
       .request = "{}",
       .input = R"([{"type": "message", "id": "msg_1", "role": "user", "content": "Add."}])",
       .response = R"({"output": [{"type": "function_call", "id": "fc_1", "call_id": "c",
                      "name": "add", "arguments": "{\"a\":", "status": "incomplete"}]})"}));
  const auto request = read(R"("previous_response_id": "resp_1")");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->read.request.messages.size(), 2u);
}

}  // namespace
}  // namespace melete::api::responses
