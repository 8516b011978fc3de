// A message on a WebSocket as a call: what is read, what it follows, and what is refused.

#include "api/responses/socket_call.h"

#include <gtest/gtest.h>

#include "api/tiny_router.h"
#include "store/stored_things.h"

namespace melete::api::responses {
namespace {

class SocketCallTest : public testing::Test {
 protected:
  SocketCall read(const std::string& fields, store::Database* database = nullptr) {
    return read_socket_call(R"({"type": "response.create", )" + fields + "}",
                            {router, {.database = database, .owner = "me", .turns = &turns}});
  }

  gateway::Router router = tiny_router();
  RecentTurns turns;
  store::TemporaryDatabase database;
};

TEST_F(SocketCallTest, IsACallThatComesAsEvents) {
  const SocketCall asked = read(R"("input": "Hi")");
  ASSERT_TRUE(asked.call) << asked.call.error().message;
  EXPECT_TRUE(asked.call->stream);
  EXPECT_TRUE(asked.answered);
  EXPECT_EQ(asked.follows, "");
  EXPECT_FALSE(asked.call->record);
}

TEST_F(SocketCallTest, TellsWhatItFollowsAndAllThatItAnswers) {
  turns.keep("resp_1", R"([{"type": "message", "role": "user", "content": "a"}])",
             R"([{"type": "message", "role": "assistant", "content": "b"}])");
  const SocketCall asked = read(R"("input": "c", "previous_response_id": "resp_1")");
  ASSERT_TRUE(asked.call) << asked.call.error().message;
  EXPECT_EQ(asked.follows, "resp_1");
  EXPECT_EQ(asked.call->request.messages.size(), 3u);
  const Json items = Json::parse(asked.call->items);
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(items[2]["content"][0]["text"], "c");
}

TEST_F(SocketCallTest, TellsWhatItFollowsWhereItIsRefusedToo) {
  const SocketCall asked =
      read(R"("input": "c", "stream": true, "previous_response_id": "resp_1")");
  ASSERT_FALSE(asked.call);
  EXPECT_EQ(asked.call.error().parameter, "stream");
  EXPECT_EQ(asked.follows, "resp_1");
}

TEST_F(SocketCallTest, IsStoredWholeWhereItFollowsWhatIsNot) {
  turns.keep("resp_1", R"([{"type": "message", "role": "user", "content": "a"}])", "[]");
  const SocketCall alone = read(R"("input": "b", "previous_response_id": "resp_1")", &*database);
  ASSERT_TRUE(alone.call) << alone.call.error().message;
  EXPECT_EQ(alone.call->record->previous_id, "");
  EXPECT_EQ(Json::parse(alone.call->record->input).size(), 2u);
}

TEST_F(SocketCallTest, OfNoAnswerIsNeverStored) {
  const SocketCall asked = read(R"("input": "Hi", "generate": false, "store": true)", &*database);
  ASSERT_TRUE(asked.call) << asked.call.error().message;
  EXPECT_FALSE(asked.answered);
  EXPECT_FALSE(asked.call->record);
  EXPECT_EQ(read(R"("input": "Hi", "generate": 1)").call.error().parameter, "generate");
}

TEST_F(SocketCallTest, NamesAnUnknownAnswerWithAndWithoutADatabase) {
  for (store::Database* with : {static_cast<store::Database*>(nullptr), &*database}) {
    const SocketCall asked = read(R"("input": "c", "previous_response_id": "resp_9")", with);
    ASSERT_FALSE(asked.call);
    EXPECT_EQ(asked.call.error().code, ErrorCode::NotFound);
    EXPECT_EQ(asked.call.error().parameter, "previous_response_id");
  }
}

}  // namespace
}  // namespace melete::api::responses
