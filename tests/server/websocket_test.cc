// Turns on a WebSocket: the same events as over HTTP, one turn after the other, each after those
// that this connection remembers.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/open_responses_fields.h"
#include "server/socket_client.h"
#include "server/stateful_server.h"

namespace melete::server {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> types_of(const std::vector<Json>& events) {
  std::vector<std::string> types;
  for (const Json& event : events) types.push_back(event["type"]);
  return types;
}

// What the model was told in its last request.
std::vector<std::string> last_prompt(const TestServer& server) {
  std::vector<std::string> texts;
  const chat::Request request = server.backend->requests().back();
  for (const chat::Message& message : request.messages) {
    texts.push_back(chat::text_of(message));
  }
  return texts;
}

// The id of the answer that a turn gave.
std::string id_of(const std::vector<Json>& turn) {
  return turn.empty() ? "" : turn.back()["response"]["id"].get<std::string>();
}

std::string after(const std::vector<Json>& turn) {
  return R"("previous_response_id": ")" + id_of(turn) + '"';
}

std::vector<Json> ask(SocketClient& client, const std::string& fields) {
  EXPECT_TRUE(client.create(fields));
  return client.read_turn();
}

// The error that a turn ended with; null where it has none.
Json error_of(const std::vector<Json>& turn) {
  if (turn.empty() || turn.back()["type"] != "error") return nullptr;
  Json error = turn.back()["error"];
  error["status"] = turn.back()["status"];
  return error;
}

TEST(WebSocket, GivesTheEventsOfTheStream) {
  const TestServer server(chat::answers_with({.text = "Four.", .reasoning = "Two and two."}));
  const std::string fields = R"("input": "Hi", "reasoning": {"effort": "low"})";
  HttpClient http(server.port());
  http.send(post("/v1/responses", R"({"model": "tiny", "stream": true, )" + fields + "}"));
  const std::vector<Json> streamed = events_in(http.read_reply().body);

  SocketClient client(server.port());
  ASSERT_EQ(client.status(), 101);
  const std::vector<Json> events = ask(client, fields);
  EXPECT_EQ(types_of(events), types_of(streamed));
  for (size_t index = 0; index < events.size(); ++index) {
    expect_event(events[index]);
    EXPECT_EQ(events[index]["sequence_number"], index);
  }
  EXPECT_EQ(events.back()["response"]["output"][1]["content"][0]["text"], "Four.");
}

TEST(WebSocket, AnswersTurnsInTheirOrder) {
  const TestServer server(chat::in_turn({chat::answers("One."), chat::answers("Two.")}));
  SocketClient client(server.port());
  client.create(R"("input": "a")");
  client.create(R"("input": "b")");
  const std::vector<Json> first = client.read_turn();
  const std::vector<Json> second = client.read_turn();
  EXPECT_EQ(first.back()["response"]["output"][0]["content"][0]["text"], "One.");
  EXPECT_EQ(second.front()["type"], "response.created");
  EXPECT_EQ(second.back()["response"]["output"][0]["content"][0]["text"], "Two.");
}

TEST(WebSocket, ReadsWhatCameWithItsRequest) {
  const TestServer server;
  HttpClient client(server.port());
  client.send(upgrade_text("/v1/responses") +
              client_frame(R"({"type": "response.create", "input": "Hi"})"));
  EXPECT_TRUE(client.read_until("response.completed"));
  EXPECT_THAT(client.received(), HasSubstr("HTTP/1.1 101 Switching Protocols\r\n"));
}

TEST(WebSocketTurns, FollowAnswersThatAreNotStored) {
  const TestServer server(chat::in_turn({chat::answers("One."), chat::answers("Two.")}));
  SocketClient client(server.port());
  const auto first = ask(client, R"("input": "a", "store": false)");
  EXPECT_EQ(first.back()["response"]["store"], false);
  const auto second = ask(client, R"("input": "b", )" + after(first));
  EXPECT_EQ(second.back()["response"]["previous_response_id"], id_of(first));
  EXPECT_THAT(last_prompt(server), ElementsAre("a", "One.", "b"));
  ask(client, R"("input": "c", )" + after(second));
  EXPECT_THAT(last_prompt(server), ElementsAre("a", "One.", "b", "Two.", "c"));
  ask(client, R"("input": "d", )" + after(first));
  EXPECT_THAT(last_prompt(server), ElementsAre("a", "One.", "d")) << "an earlier one too";
}

TEST(WebSocketTurns, AreForgottenWithTheirConnection) {
  StatefulServer server;
  SocketClient client(server.server().port());
  const auto first = ask(client, R"("input": "a", "store": false)");
  SocketClient other(server.server().port());
  const Json error = error_of(ask(other, R"("input": "b", "store": false, )" + after(first)));
  EXPECT_EQ(error["status"], 404);
  EXPECT_EQ(error["code"], "previous_response_not_found");
  EXPECT_EQ(error["param"], "previous_response_id");
  EXPECT_EQ(ask(other, R"("input": "c")").back()["type"], "response.completed");
}

TEST(WebSocketTurns, LetGoOfWhatARefusedTurnFollowed) {
  StatefulServer server;
  SocketClient client(server.server().port());
  const auto first = ask(client, R"("input": "a", "store": false)");
  const std::string follow = R"("store": false, )" + after(first);
  EXPECT_EQ(error_of(ask(client, R"("input": "b", "temperature": 9, )" + follow))["param"],
            "temperature");
  EXPECT_EQ(error_of(ask(client, R"("input": "c", )" + follow))["code"],
            "previous_response_not_found");
}

TEST(WebSocketTurns, AreStoredAndFollowedOverHttpToo) {
  StatefulServer server;
  SocketClient client(server.server().port());
  const auto first = ask(client, R"("input": "a")");
  const Json given = first.back()["response"];
  EXPECT_EQ(server.fetch("/v1/responses/" + id_of(first)).json(), given);
  EXPECT_EQ(server.respond(R"("input": "b", )" + after(first)).status, 200);
  const auto second = ask(client, R"("input": "c", )" + after(first));
  EXPECT_THAT(last_prompt(server.server()), ElementsAre("a", "Hello there.", "c"));
  ASSERT_EQ(server.ask({"DELETE", "/v1/responses/" + id_of(first)}).status, 200);
  EXPECT_EQ(error_of(ask(client, R"("input": "d", )" + after(second)))["status"], 404)
      << "what was deleted is not remembered either";
}

TEST(WebSocketTurns, ThatAreStoredHoldWhatTheyFollowWhereThatIsNot) {
  StatefulServer server;
  SocketClient client(server.server().port());
  const auto first = ask(client, R"("input": "a", "store": false)");
  const auto second = ask(client, R"("input": "b", "store": true, )" + after(first));
  EXPECT_EQ(second.back()["response"]["store"], true);
  EXPECT_EQ(server.respond(R"("input": "c", )" + after(second)).status, 200);
  EXPECT_THAT(last_prompt(server.server()),
              ElementsAre("a", "Hello there.", "b", "Hello there.", "c"));
}

TEST(WebSocketTurns, BelongToTheKeyOfTheConnection) {
  StatefulServer server;
  const std::string mine = server.respond(R"("input": "a")", "mine").json()["id"];
  const std::string follow = R"("input": "b", "previous_response_id": ")" + mine + '"';
  SocketClient owner(server.server().port(), {{"authorization", "Bearer mine"}});
  EXPECT_EQ(ask(owner, follow).back()["type"], "response.completed");
  SocketClient other(server.server().port(), {{"authorization", "Bearer other"}});
  EXPECT_EQ(error_of(ask(other, follow))["status"], 404);
}

TEST(WebSocketTurns, AreMadeReadyWithoutAnAnswer) {
  const TestServer server;
  SocketClient client(server.port());
  const auto ready = ask(client, R"("input": "a", "generate": false)");
  EXPECT_THAT(types_of(ready),
              ElementsAre("response.created", "response.in_progress", "response.completed"));
  EXPECT_EQ(ready.back()["response"]["output"], Json::array());
  EXPECT_TRUE(server.backend->requests().empty());
  EXPECT_EQ(server.backend->read_aheads().size(), 1u);
  ask(client, R"("input": "b", )" + after(ready));
  EXPECT_EQ(server.backend->requests().back().messages.size(), 2u);
}

struct Refused {
  std::string name;
  std::string message;
  std::string parameter;
  std::string in_text;
};

class WebSocketRefusal : public testing::TestWithParam<Refused> {};

TEST_P(WebSocketRefusal, NamesTheFaultAndGoesOn) {
  const TestServer server;
  SocketClient client(server.port());
  client.send(GetParam().message);
  const Json error = error_of(client.read_turn());
  EXPECT_EQ(error["status"], 400);
  EXPECT_EQ(error["type"], "invalid_request_error");
  EXPECT_EQ(error["param"], GetParam().parameter.empty() ? Json() : Json(GetParam().parameter));
  EXPECT_THAT(error["message"].get<std::string>(), HasSubstr(GetParam().in_text));
  EXPECT_EQ(ask(client, R"("input": "Hi")").back()["type"], "response.completed");
}

INSTANTIATE_TEST_SUITE_P(
    All, WebSocketRefusal,
    testing::Values(
        Refused{"NoJson", "{", "", "JSON"}, Refused{"Empty", "", "", "JSON"},
        Refused{"NoObject", R"(["response.create"])", "", "must be a JSON object"},
        Refused{"NoType", R"({"input": "Hi"})", "type", "type"},
        Refused{"AnotherType", R"({"type": "response.steer", "input": "Hi"})", "type",
                "response.create"},
        Refused{"Stream", R"({"type": "response.create", "input": "Hi", "stream": true})", "stream",
                "leave it out"},
        Refused{"Options", R"({"type": "response.create", "input": "Hi", "stream_options": {}})",
                "stream_options", "leave"},
        Refused{"Background", R"({"type": "response.create", "input": "Hi", "background": true})",
                "background", "POST /v1/responses"},
        Refused{"Lane", R"({"type": "response.create", "input": "Hi", "stream_id": "a"})",
                "stream_id", "one turn after the other"},
        Refused{"UnknownField", R"({"type": "response.create", "input": "Hi", "colour": 1})",
                "colour", "not a field"},
        Refused{"NoInput", R"({"type": "response.create", "model": "tiny"})", "input", "input"}),
    [](const auto& tested) { return tested.param.name; });

TEST(WebSocketRefusals, OfABinaryMessage) {
  const TestServer server;
  SocketClient client(server.port());
  client.send_binary(R"({"type": "response.create", "input": "Hi"})");
  EXPECT_THAT(error_of(client.read_turn())["message"].get<std::string>(),
              HasSubstr("text message"));
  EXPECT_EQ(ask(client, R"("input": "Hi")").back()["type"], "response.completed");
}

TEST(WebSocketRefusals, OfTheModelTellItsStatus) {
  const TestServer server([](const chat::Request&) {
    const Error error{ErrorCode::Overloaded, "No room now."};
    return std::vector<chat::FakeStep>{{{}, {.payload = chat::Failed{error}}}};
  });
  SocketClient client(server.port());
  EXPECT_EQ(error_of(ask(client, R"("input": "Hi")"))["status"], 503);
  EXPECT_EQ(error_of(ask(client, R"("input": "Hi", "model": "none")"))["code"], "model_not_found");
}

TEST(WebSocketAnswer, EndsWithItsClientWhereItIsNotStored) {
  const TestServer server(endless());
  SocketClient client(server.port());
  client.create(R"("input": "Hi")");
  ASSERT_TRUE(client.read_until("response.output_text.delta"));
  client.close();
  EXPECT_TRUE(eventually([&] { return server.backend->live_streams() == 0; }, 30s));
}

TEST(WebSocketAnswer, EndsWithAConnectionThatIsCut) {
  const TestServer server(endless());
  {
    SocketClient client(server.port());
    client.create(R"("input": "Hi")");
    ASSERT_TRUE(client.read_until("response.output_text.delta"));
  }
  EXPECT_TRUE(eventually([&] { return server.backend->live_streams() == 0; }, 30s));
}

TEST(WebSocketAnswer, GoesOnWithoutItsClientWhereItIsStored) {
  StatefulServer server(chat::answers_with({.text = "one two three four five six"}));
  std::string id;
  {
    SocketClient client(server.server().port());
    client.create(R"("input": "Hi")");
    const auto created = client.read();
    ASSERT_TRUE(created);
    id = created->at("response")["id"];
  }
  const Json response = server.await_status(id, "completed");
  EXPECT_EQ(response["output"][0]["content"][0]["text"], "one two three four five six");
}

TEST(WebSocketAnswer, HasTheDeadlineOfItsConnectionOrANearerOne) {
  const TestServer server;
  SocketClient client(server.port(), {{"x-melete-deadline-ms", "60000"}});
  ask(client, R"("input": "Hi")");
  EXPECT_EQ(server.backend->requests().back().limits.deadline, 60s);
  ask(client, R"("input": "Hi", "melete": {"deadline_ms": 50000})");
  EXPECT_EQ(server.backend->requests().back().limits.deadline, 50s);
}

}  // namespace
}  // namespace melete::server
