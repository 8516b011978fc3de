// Items of a conversation over the API: what is added is checked and given back whole, in pages.

#include "api/conversations/items.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/conversations/conversations.h"
#include "api/resource_calls.h"

namespace melete::api::conversations {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class ItemsTest : public ResourceTest {
 protected:
  ItemsTest() : id_(call(create, request({})).at("id")) {}

  Json add(const std::string& items) {
    return call(add_items, request({id_}, R"({"items": [)" + items + "]}"));
  }

  // The item as it is kept, without its id.
  Json kept(const std::string& item) {
    Json added = add(item).at("data").at(0);
    const std::string id = added.at("id");
    EXPECT_EQ(call(retrieve_item, request({id_, id})), added);
    added.erase("id");
    return added;
  }

  std::vector<std::string> ids(const std::multimap<std::string, std::string, std::less<>>& query) {
    ResourceRequest list = request({id_});
    list.query = query;
    std::vector<std::string> ids;
    list_ = call(list_items, list);
    for (const Json& item : list_.at("data")) ids.push_back(item.at("id"));
    return ids;
  }

  std::string id_;
  Json list_;  // the last that ids() saw
};

TEST_F(ItemsTest, GetAnIdOfTheirKindUnlessTheyHaveOne) {
  const Json list = add(R"({"role": "user", "content": "Hi"},
      {"type": "reasoning", "summary": []},
      {"type": "function_call", "call_id": "c1", "name": "add", "arguments": "{}"},
      {"type": "function_call_output", "call_id": "c1", "output": "4"},
      {"id": "my-own_1", "role": "user", "content": "Bye"})");
  EXPECT_EQ(list.at("object"), "list");
  EXPECT_EQ(list.at("has_more"), false);
  const Json& data = list.at("data");
  const std::vector<std::string> prefixes{"msg_", "rs_", "fc_", "fco_", "my-own_1"};
  ASSERT_EQ(data.size(), prefixes.size());
  for (size_t index = 0; index < prefixes.size(); ++index) {
    EXPECT_THAT(data.at(index).at("id").get<std::string>(), StartsWith(prefixes[index]));
  }
  EXPECT_EQ(list.at("first_id"), data.front().at("id"));
  EXPECT_EQ(list.at("last_id"), "my-own_1");
}

TEST_F(ItemsTest, AreKeptWithTheContentAsParts) {
  struct Row {
    const char* given;
    const char* kept;
  };
  const std::vector<Row> rows{
      {R"({"role": "user", "content": "Hi"})",
       R"({"type": "message", "status": "completed", "role": "user",
           "content": [{"type": "input_text", "text": "Hi"}]})"},
      {R"({"role": "assistant", "content": "Yes", "phase": "final_answer"})",
       R"({"type": "message", "status": "completed", "role": "assistant",
           "content": [{"type": "output_text", "text": "Yes", "annotations": [], "logprobs": []}],
           "phase": "final_answer"})"},
      {R"({"type": "message", "status": "incomplete", "role": "user", "id": null,
           "content": [{"type": "input_image", "image_url": "data:,", "detail": "low"}]})",
       R"({"type": "message", "status": "incomplete", "role": "user",
           "content": [{"type": "input_image", "image_url": "data:,", "detail": "low"}]})"},
      {R"({"type": "reasoning", "summary": [], "encrypted_content": "seal1.x"})",
       R"({"type": "reasoning", "summary": [], "encrypted_content": "seal1.x"})"},
      {R"({"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text",
           "text": "4"}]})",
       R"({"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text",
           "text": "4"}]})"},
  };
  for (const Row& row : rows) EXPECT_EQ(kept(row.given), Json::parse(row.kept)) << row.given;
}

TEST_F(ItemsTest, AreListedInPages) {
  add(R"({"id": "a", "role": "user", "content": "1"}, {"id": "b", "role": "user", "content": "2"},
         {"id": "c", "role": "user", "content": "3"})");
  EXPECT_THAT(ids({}), ElementsAre("c", "b", "a"));
  EXPECT_THAT(ids({{"order", "asc"}, {"limit", "2"}}), ElementsAre("a", "b"));
  EXPECT_EQ(list_.at("has_more"), true);
  EXPECT_EQ(list_.at("first_id"), "a");
  EXPECT_EQ(list_.at("last_id"), "b");
  EXPECT_THAT(ids({{"order", "asc"}, {"after", "b"}, {"include", "x"}}), ElementsAre("c"));
  EXPECT_EQ(list_.at("has_more"), false);
  EXPECT_THAT(ids({{"after", "a"}}), ElementsAre());
  EXPECT_TRUE(list_.at("first_id").is_null());
}

TEST_F(ItemsTest, AreErased) {
  add(R"({"id": "a", "role": "user", "content": "1"}, {"id": "b", "role": "user", "content": "2"})");
  EXPECT_EQ(call(erase_item, request({id_, "a"})), call(retrieve, request({id_})));
  EXPECT_THAT(ids({}), ElementsAre("b"));
  EXPECT_EQ(refusal(retrieve_item, request({id_, "a"})).code, ErrorCode::NotFound);
  EXPECT_EQ(refusal(erase_item, request({id_, "a"})).code, ErrorCode::NotFound);
}

TEST_F(ItemsTest, AreTheirOwnersAlone) {
  add(R"({"id": "a", "role": "user", "content": "1"})");
  ResourceRequest strangers{.ids = {id_, "a"},
                            .body = R"({"items": [{"role": "user", "content": "x"}]})",
                            .owner = "bob"};
  for (const ResourceHandler handler : {add_items, list_items, retrieve_item, erase_item}) {
    EXPECT_EQ(refusal(handler, strangers).code, ErrorCode::NotFound);
  }
  EXPECT_THAT(ids({}), ElementsAre("a"));
}

TEST_F(ItemsTest, WithAnIdThatIsTakenAreRefusedTogether) {
  add(R"({"id": "a", "role": "user", "content": "1"})");
  const Error error = refusal(add_items, request({id_}, R"({"items": [
      {"id": "b", "role": "user", "content": "2"}, {"id": "a", "role": "user", "content": "3"}]})"));
  EXPECT_EQ(error.code, ErrorCode::Conflict);
  EXPECT_THAT(ids({}), ElementsAre("a"));
}

TEST_F(ItemsTest, ThatCannotBeKeptAreRefusedWithTheirField) {
  struct Row {
    const char* items;
    const char* parameter;
    const char* words;
  };
  const std::vector<Row> rows{
      {"[]", "items", "must have at least 1"},
      {"null", "items", "is missing"},
      {"{}", "items", "must be an array"},
      {R"(["Hi"])", "items[0]", "must be an object"},
      {R"([{"content": "Hi"}])", "items[0].role", "is missing"},
      {R"([{"role": "tool", "content": "Hi"}])", "items[0].role", "must be one of: user"},
      {R"([{"role": "user"}])", "items[0].content", "is missing"},
      {R"([{"role": "user", "content": 3}])", "items[0].content", "must be an array"},
      {R"([{"role": "user", "content": [3]}])", "items[0].content[0]", "must be an object"},
      {R"([{"role": "user", "content": [{}]}])", "items[0].content[0].type", "is missing"},
      {R"([{"role": "user", "content": [{"type": "input_text"}]}])", "items[0].content[0].text",
       "is missing"},
      {R"([{"role": "user", "content": [{"type": "input_audio", "input_audio": "x"}]}])",
       "items[0].content[0].input_audio", "must be an object"},
      {R"([{"role": "assistant", "content": [{"type": "input_image", "image_url": "x"}]}])",
       "items[0].content[0].type", "cannot hold"},
      {R"([{"role": "user", "content": [{"type": "refusal", "refusal": "x"}]}])",
       "items[0].content[0].type", "cannot hold"},
      {R"([{"role": "user", "content": "", "id": "a/b"}])", "items[0].id", "letters, digits"},
      {R"([{"role": "user", "content": "", "id": ""}])", "items[0].id", "at least 1"},
      {R"([{"role": "user", "content": ""}, {"type": "function_call", "call_id": "c"}])",
       "items[1].name", "is missing"},
      {R"([{"type": "function_call_output", "call_id": "c"}])", "items[0].output", "is missing"},
      {R"([{"type": "item_reference", "id": "a"}])", "items[0].type", "item_reference"},
  };
  for (const Row& row : rows) {
    const std::string body = std::string(R"({"items": )") + row.items + "}";
    const Error error = refusal(add_items, request({id_}, body));
    EXPECT_EQ(error.parameter, row.parameter) << row.items;
    EXPECT_THAT(error.message, HasSubstr(row.words)) << row.items;
  }
  std::string many = R"({"role": "user", "content": ""})";
  for (int index = 0; index < 20; ++index) many += R"(, {"role": "user", "content": ""})";
  const std::string body = R"({"items": [)" + many + "]}";
  EXPECT_THAT(refusal(add_items, request({id_}, body)).message, HasSubstr("at most 20"));
  EXPECT_THAT(refusal(create, request({}, body)).message, HasSubstr("at most 20"));
  EXPECT_THAT(ids({}), ElementsAre());
}

TEST_F(ItemsTest, PagesThatCannotBeAreRefusedWithTheirParameter) {
  const std::vector<std::array<const char*, 2>> rows{
      {"limit", "0"}, {"limit", "101"}, {"limit", "2x"}, {"limit", ""}, {"order", "up"}};
  for (const auto& [name, value] : rows) {
    ResourceRequest list = request({id_});
    list.query.emplace(name, value);
    const Error error = refusal(list_items, list);
    EXPECT_EQ(error.code, ErrorCode::InvalidArgument);
    EXPECT_EQ(error.parameter, name);
  }
  ResourceRequest list = request({id_});
  list.query.emplace("after", "gone");
  EXPECT_EQ(refusal(list_items, list).code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace melete::api::conversations
