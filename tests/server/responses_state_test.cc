// Responses that are stored, followed, cancelled and deleted, over HTTP.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/ids.h"
#include "base/unix_time.h"
#include "server/stateful_server.h"
#include "store/stored_things.h"

namespace melete::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// What the model was told in its last request, e.g. {"user: Hi", "assistant: Hello there."}.
std::vector<std::string> last_prompt(StatefulServer& server) {
  std::vector<std::string> lines;
  const chat::Request request = server.server().backend->requests().back();
  for (const chat::Message& message : request.messages) {
    const std::string role = message.role == chat::Role::User        ? "user"
                             : message.role == chat::Role::Assistant ? "assistant"
                             : message.role == chat::Role::Tool      ? "tool"
                                                                     : "system";
    lines.push_back(role + ": " + chat::text_of(message));
  }
  return lines;
}

std::string text_of_first_item(const Json& response) {
  return response["output"][0]["content"][0]["text"];
}

TEST(StoredResponse, IsReadAgainAsItWasGiven) {
  StatefulServer server;
  const Json given = server.respond(R"("input": "Hi")").json();
  EXPECT_EQ(given["status"], "completed");
  EXPECT_EQ(given["store"], true);
  const std::string path = "/v1/responses/" + given["id"].get<std::string>();
  EXPECT_EQ(server.fetch(path).json(), given);
  server.restart(chat::answers("Not asked."));
  EXPECT_EQ(server.fetch(path).json(), given);
}

TEST(StoredResponse, IsNotKeptWhereItsCallerSaysSo) {
  StatefulServer server;
  const Json given = server.respond(R"("input": "Hi", "store": false)").json();
  EXPECT_EQ(given["store"], false);
  EXPECT_EQ(server.fetch("/v1/responses/" + given["id"].get<std::string>()).status, 404);
}

TEST(StoredResponse, IsFollowedByAChainOfTurns) {
  StatefulServer server(
      chat::in_turn({chat::answers("One."), chat::answers("Two."), chat::answers("Three.")}));
  const std::string first =
      server.respond(R"("input": "a", "instructions": "Be brief.")").json()["id"];
  const std::string second =
      server.respond(R"("input": "b", "previous_response_id": ")" + first + '"').json()["id"];
  const Json third =
      server.respond(R"("input": "c", "previous_response_id": ")" + second + '"').json();
  EXPECT_EQ(third["previous_response_id"], second);
  EXPECT_THAT(last_prompt(server),
              ElementsAre("user: a", "assistant: One.", "user: b", "assistant: Two.", "user: c"));
}

TEST(StoredResponse, IsItsOwnersAlone) {
  StatefulServer server;
  const std::string id = server.respond(R"("input": "Hi")", "mine").json()["id"];
  const std::string path = "/v1/responses/" + id;
  EXPECT_EQ(server.fetch(path, "mine").status, 200);
  for (const char* other : {"yours", ""}) {
    EXPECT_EQ(server.fetch(path, other).status, 404);
    EXPECT_EQ(server.fetch(path + "/input_items", other).status, 404);
    EXPECT_EQ(server.ask({"DELETE", path, "", other}).status, 404);
    EXPECT_EQ(server.ask({"POST", path + "/cancel", "", other}).status, 404);
    const HttpReply next =
        server.respond(R"("input": "b", "previous_response_id": ")" + id + '"', other);
    EXPECT_EQ(next.status, 404);
    EXPECT_EQ(next.json()["error"]["param"], "previous_response_id");
  }
}

TEST(StoredResponse, IsGoneOnceDeleted) {
  StatefulServer server;
  const std::string id = server.respond(R"("input": "Hi")").json()["id"];
  const HttpReply deleted = server.ask({"DELETE", "/v1/responses/" + id});
  EXPECT_EQ(deleted.json(), (Json{{"id", id}, {"object", "response"}, {"deleted", true}}));
  EXPECT_EQ(server.fetch("/v1/responses/" + id).status, 404);
  EXPECT_EQ(server.ask({"DELETE", "/v1/responses/" + id}).status, 404);
  EXPECT_EQ(server.respond(R"("input": "b", "previous_response_id": ")" + id + '"').status, 404);
}

TEST(StoredResponse, EndsWhereItIsDeletedWhileItRuns) {
  StatefulServer server(endless());
  HttpClient client(server.server().port());
  client.send(post("/v1/responses", R"({"input": "Hi", "stream": true})"));
  ASSERT_TRUE(client.read_until("output_text.delta"));
  const std::string id = events_in(client.received())[0]["response"]["id"];
  EXPECT_EQ(server.ask({"DELETE", "/v1/responses/" + id}).status, 200);
  EXPECT_TRUE(eventually([&] { return server.server().backend->live_streams() == 0; },
                         std::chrono::seconds(10)));
  EXPECT_EQ(server.fetch("/v1/responses/" + id).status, 404);
}

TEST(StoredResponse, HasInputItemsInPages) {
  StatefulServer server;
  const std::string id = server
                             .respond(R"("input": [{"role": "user", "content": "a"},
                                 {"role": "assistant", "content": "b"},
                                 {"role": "user", "content": "c"}])")
                             .json()["id"];
  const std::string path = "/v1/responses/" + id + "/input_items";
  const Json newest = server.fetch(path + "?limit=2").json();
  ASSERT_EQ(newest["data"].size(), 2u);
  EXPECT_EQ(newest["data"][0]["content"], "c");
  EXPECT_EQ(newest["has_more"], true);
  const std::string last = newest["last_id"];
  const Json rest = server.fetch(path + "?after=" + last).json();
  ASSERT_EQ(rest["data"].size(), 1u);
  EXPECT_EQ(rest["data"][0]["content"], "a");
  EXPECT_EQ(rest["has_more"], false);
  EXPECT_EQ(server.fetch(path + "?order=asc").json()["data"][0]["content"], "a");
  EXPECT_EQ(server.fetch(path + "?limit=0").json()["error"]["param"], "limit");
  EXPECT_EQ(server.fetch(path + "?order=up").json()["error"]["param"], "order");
  EXPECT_EQ(server.fetch(path + "?after=x").status, 404);
}

TEST(StoredResponse, HasItemsToReferTo) {
  StatefulServer server(chat::in_turn({chat::answers("One."), chat::answers("Two.")}));
  const Json first = server.respond(R"("input": "a")").json();
  const std::string item = first["output"][0]["id"];
  const std::string input = R"("input": [{"role": "user", "content": "b"},
      {"type": "item_reference", "id": ")" +
                            item + R"("}, {"role": "user", "content": "c"}])";
  EXPECT_EQ(server.respond(input).status, 200);
  EXPECT_THAT(last_prompt(server), ElementsAre("user: b", "assistant: One.", "user: c"));
  const HttpReply missing =
      server.respond(R"("input": [{"type": "item_reference", "id": "msg_x_0"}])");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.json()["error"]["param"], "input[0].id");
}

// Clients that write out unset fields send null.
TEST(StoredResponse, TakesItemsWhoseTypeAndStatusAreNull) {
  StatefulServer server(chat::in_turn({chat::answers("One."), chat::answers("Two.")}));
  const HttpReply first =
      server.respond(R"("input": [{"type": null, "role": "user", "content": "a"},
      {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}", "status": null},
      {"type": "function_call_output", "call_id": "c", "output": "x"}])");
  ASSERT_EQ(first.status, 200);
  const std::string id = first.json()["id"];
  const HttpReply next = server.respond(R"("input": "b", "previous_response_id": ")" + id + '"');
  ASSERT_EQ(next.status, 200);
  EXPECT_THAT(last_prompt(server),
              ElementsAre("user: a", "assistant: ", "tool: ", "assistant: One.", "user: b"));
}

TEST(StoredResponse, RefersToNoMoreThanABodyMayHold) {
  StatefulServer server;
  const std::string text(1 << 20, 'a');
  const std::string id =
      server.respond(R"("input": [{"role": "user", "content": ")" + text + "\"}]").json()["id"];
  const Json items = server.fetch("/v1/responses/" + id + "/input_items").json();
  const std::string reference =
      R"({"type": "item_reference", "id": ")" + items["data"][0]["id"].get<std::string>() + "\"}";
  std::string many = reference;
  for (int i = 1; i < 40; ++i) many += "," + reference;
  EXPECT_EQ(server.respond("\"input\": [" + reference + "," + reference + "]").status, 200);
  const HttpReply refused = server.respond("\"input\": [" + many + "]");
  EXPECT_EQ(refused.status, 413);
  EXPECT_THAT(refused.json()["error"]["param"].get<std::string>(), testing::StartsWith("input["));
}

TEST(StoredResponse, TakesTheResultOfAnEarlierTurnsCall) {
  const auto calls = [](const chat::Request&) {
    return std::vector<chat::FakeStep>{
        {{}, {.payload = chat::Started{}}},
        {{}, {.tokens = 1, .payload = chat::ToolCall{"call_1", "add", "{}"}}},
        {{}, {.payload = chat::Finished{chat::FinishReason::ToolCalls}}}};
  };
  StatefulServer server(chat::in_turn({calls, chat::answers("Five.")}));
  const std::string tools = R"("tools": [{"type": "function", "name": "add"}], )";
  const std::string id = server.respond(tools + R"("input": "2 + 3?")").json()["id"];
  const std::string output = R"("input": [{"type": "function_call_output", "call_id": "call_1",
                                           "output": "5"}], )";
  const HttpReply next = server.respond(tools + output + R"("previous_response_id": ")" + id + '"');
  EXPECT_EQ(text_of_first_item(next.json()), "Five.");
  const HttpReply alone = server.respond(tools + output + R"("store": true)");
  EXPECT_EQ(alone.status, 400);
  EXPECT_EQ(alone.json()["error"]["param"], "input[0].call_id");
}

TEST(StoredResponse, CannotFollowOneThatStillRuns) {
  StatefulServer server(silent());
  const std::string id = server.respond(R"("input": "a", "background": true)").json()["id"];
  const HttpReply next = server.respond(R"("input": "b", "previous_response_id": ")" + id + '"');
  EXPECT_EQ(next.status, 409);
  EXPECT_EQ(next.json()["error"]["param"], "previous_response_id");
}

TEST(StoredResponse, JoinsAConversation) {
  StatefulServer server(chat::in_turn({chat::answers("One."), chat::answers("Two.")}));
  ASSERT_TRUE(server.database().conversations().create({.id = "conv_1"}));
  EXPECT_EQ(server.respond(R"("input": "a", "conversation": "conv_1")").status, 200);
  const Json second = server.respond(R"("input": "b", "conversation": {"id": "conv_1"})").json();
  EXPECT_EQ(second["conversation"]["id"], "conv_1");
  EXPECT_THAT(last_prompt(server), ElementsAre("user: a", "assistant: One.", "user: b"));
  EXPECT_EQ(server.database().conversations().items("conv_1", "", {})->data.size(), 4u);
  EXPECT_EQ(server.respond(R"("input": "a", "conversation": "conv_9")").status, 404);
}

TEST(StoredResponse, GivesReasoningSealedToThoseWhoKeepIt) {
  StatefulServer server(chat::answers_with({.text = "Four.", .reasoning = "Two and two."}));
  const std::string sealed = R"("store": false, "include": ["reasoning.encrypted_content"], )";
  const Json first = server.respond(sealed + R"("input": "2 + 2?")", "mine").json();
  Json item = first["output"][0];
  ASSERT_EQ(item["type"], "reasoning");
  EXPECT_THAT(item["encrypted_content"].get<std::string>(), testing::Not(HasSubstr("Two")));
  item["content"] = Json::array();
  const std::string input =
      R"("input": [)" + write_json(item) + R"(, {"role": "user", "content": "So?"}])";
  EXPECT_EQ(server.respond(input, "mine").status, 200);
  const auto parts = server.server().backend->requests().back().messages.at(0).parts;
  EXPECT_EQ(std::get<chat::ReasoningPart>(parts.at(0)).text, "Two and two.");
  const HttpReply other = server.respond(input, "yours");
  EXPECT_EQ(other.status, 400);
  EXPECT_EQ(other.json()["error"]["param"], "input[0].encrypted_content");
}

TEST(StoredResponse, FieldsThatNeedTheDatabaseAreRefusedWithoutOne) {
  TestServer server;
  for (const char* field : {R"("store": true)", R"("background": true)",
                            R"("previous_response_id": "resp_1")", R"("conversation": "conv_1")"}) {
    HttpClient client(server.port());
    client.send(post("/v1/responses", std::string(R"({"input": "Hi", )") + field + "}"));
    EXPECT_EQ(client.read_reply().status, 400) << field;
  }
  EXPECT_EQ(server.fetch("/v1/responses/resp_1").status, 404);
}

TEST(OldResponses, AreErasedWhenTheServerStarts) {
  const store::TemporaryFolder folder;
  const std::string old = make_id("resp_");
  const std::string young = make_id("resp_");
  {
    const auto database = store::Database::open(folder.path() / "melete.db");
    ASSERT_TRUE(database) << database.error().message;
    store::StoredResponse response = store::sample_response(old, "");
    ASSERT_TRUE((*database)->responses().insert(response));
    response.id = young;
    response.created_at = unix_seconds();
    ASSERT_TRUE((*database)->responses().insert(response));
  }
  ServerOptions options;
  options.keep_responses = std::chrono::hours(1);
  StatefulServer server(chat::answers("Hello there."), folder.path(), options);
  EXPECT_TRUE(eventually([&] { return server.fetch("/v1/responses/" + old).status == 404; },
                         std::chrono::seconds(30)));
  EXPECT_EQ(server.fetch("/v1/responses/" + young).status, 200);
}

}  // namespace
}  // namespace melete::server
