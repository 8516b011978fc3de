// Conversations over the API: made, read, given other metadata, erased; by their owner alone.

#include "api/conversations/conversations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/conversations/items.h"
#include "api/resource_calls.h"

namespace melete::api::conversations {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ConversationsTest : public ResourceTest {
 protected:
  std::string make(std::string_view body = "{}") {
    return call(create, request({}, body)).at("id").get<std::string>();
  }
};

TEST_F(ConversationsTest, AreMadeWithMetadataAndItems) {
  const Json made = call(create, request({}, R"({"metadata": {"topic": "tea"},
      "items": [{"role": "user", "content": "Hi"}]})"));
  EXPECT_THAT(made.at("id").get<std::string>(), StartsWith("conv_"));
  EXPECT_EQ(made.at("object"), "conversation");
  EXPECT_GT(made.at("created_at"), 1'700'000'000);
  EXPECT_EQ(made.at("metadata"), Json({{"topic", "tea"}}));
  EXPECT_EQ(made.size(), 4U);
  EXPECT_EQ(call(retrieve, request({made.at("id")})), made);
  EXPECT_EQ(call(list_items, request({made.at("id")})).at("data").size(), 1U);
}

TEST_F(ConversationsTest, AreMadeOfNothing) {
  for (const char* body : {"", "{}", R"({"items": null, "metadata": null})", R"({"items": []})"}) {
    const Json made = call(create, request({}, body));
    EXPECT_EQ(made.at("metadata"), Json::object());
    EXPECT_TRUE(call(list_items, request({made.at("id")})).at("data").empty());
  }
}

TEST_F(ConversationsTest, TakeOtherMetadata) {
  const std::string id = make(R"({"metadata": {"a": "1", "b": "2"}})");
  const Json updated = call(update, request({id}, R"({"metadata": {"b": "3"}})"));
  EXPECT_EQ(updated.at("metadata"), Json({{"b", "3"}}));
  EXPECT_EQ(call(retrieve, request({id})), updated);
}

TEST_F(ConversationsTest, AreErased) {
  const std::string id = make();
  EXPECT_EQ(call(erase, request({id})),
            Json({{"id", id}, {"object", "conversation.deleted"}, {"deleted", true}}));
  for (const ResourceHandler handler : {retrieve, erase}) {
    const Error error = refusal(handler, request({id}));
    EXPECT_EQ(error.code, ErrorCode::NotFound);
    EXPECT_THAT(error.message, HasSubstr(id));
  }
}

TEST_F(ConversationsTest, AreTheirOwnersAlone) {
  const std::string id = make();
  ResourceRequest strangers{.ids = {id}, .body = R"({"metadata": {}})", .owner = "bob"};
  for (const ResourceHandler handler : {retrieve, update, erase}) {
    EXPECT_EQ(refusal(handler, strangers).code, ErrorCode::NotFound);
  }
  call(retrieve, request({id}));
}

TEST_F(ConversationsTest, RefuseWhatCannotBeKeptWithItsField) {
  std::string pairs;
  for (int index = 0; index < 17; ++index) {
    pairs += (index == 0 ? "" : ", ") + ("\"" + std::to_string(index) + "\": \"\"");
  }
  const std::string long_text(513, 'x');
  const std::string long_key(65, 'k');
  struct Row {
    std::string body;
    std::string parameter;
    std::string words;
  };
  const std::vector<Row> rows{
      {"[]", "", "must be a JSON object"},
      {"{", "", "cannot be read"},
      {R"({"topic": "tea"})", "topic", "is not a field"},
      {R"({"metadata": 3})", "metadata", "must be an object"},
      {R"({"metadata": {"a": 1}})", "metadata.a", "must be a string"},
      {R"({"metadata": {"a": null}})", "metadata.a", "is missing"},
      {R"({"metadata": {"": "x"}})", "metadata", "a key of 0 bytes"},
      {R"({"metadata": {")" + long_key + R"(": "x"}})", "metadata", "a key of 65 bytes"},
      {R"({"metadata": {"a": ")" + long_text + R"("}})", "metadata.a", "at most 512"},
      {R"({"metadata": {)" + pairs + "}}", "metadata", "has 17 pairs"},
  };
  for (const Row& row : rows) {
    for (const ResourceHandler handler : {create, update}) {
      const Error error = refusal(handler, request({"conv_1"}, row.body));
      EXPECT_EQ(error.code, ErrorCode::InvalidArgument) << row.body;
      EXPECT_EQ(error.parameter, row.parameter) << row.body;
      EXPECT_THAT(error.message, HasSubstr(row.words));
    }
  }
  EXPECT_EQ(refusal(update, request({"conv_1"}, "{}")).parameter, "metadata");
}

}  // namespace
}  // namespace melete::api::conversations
