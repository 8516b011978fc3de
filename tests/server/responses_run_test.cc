// Answers that run: left and rejoined, in the background, cancelled and controlled, over HTTP.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/stateful_server.h"

namespace melete::server {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::HasSubstr;

// Begins a streamed answer, leaves it once it writes, and gives its id.
std::string begin_and_leave(StatefulServer& server, const std::string& fields = "") {
  HttpClient client(server.server().port());
  client.send(post("/v1/responses", R"({"input": "Hi", "stream": true)" + fields + "}"));
  EXPECT_TRUE(client.read_until("output_text.delta"));
  const std::vector<Json> events = events_in(client.received() + "\n\n");
  return events.empty() ? "" : events[0]["response"]["id"].get<std::string>();
}

void expect_numbered_from(const std::vector<Json>& events, size_t first) {
  for (size_t index = 0; index < events.size(); ++index) {
    EXPECT_EQ(events[index]["sequence_number"], first + index);
  }
}

TEST(RunningResponse, GoesOnWithoutItsClientAndIsRejoinedAnywhere) {
  StatefulServer server(chat::answers_with({.text = "one two three four five six"}));
  const std::string id = begin_and_leave(server);
  const std::string path = "/v1/responses/" + id + "?stream=true&starting_after=";
  const auto events = events_in(server.fetch(path + "3").body);
  expect_numbered_from(events, 4);
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.back()["type"], "response.completed");
  EXPECT_EQ(events.back()["response"]["output"][0]["content"][0]["text"],
            "one two three four five six");
  const auto all = events_in(server.fetch("/v1/responses/" + id + "?stream=true").body);
  expect_numbered_from(all, 0);
  EXPECT_EQ(all.size(), events.size() + 4);
}

TEST(RunningResponse, EndsWithItsClientWhereItIsNotStored) {
  StatefulServer server(endless());
  begin_and_leave(server, R"(, "store": false)");
  EXPECT_TRUE(eventually([&] { return server.server().backend->live_streams() == 0; }, 10s));
}

TEST(RunningResponse, TellsItsEndAloneOnceItsEventsAreGone) {
  StatefulServer server;
  const Json given = server.respond(R"("input": "Hi")").json();
  server.restart(silent());
  const std::string path = "/v1/responses/" + given["id"].get<std::string>() + "?stream=true";
  const HttpReply streamed = server.fetch(path);
  const auto events = events_in(streamed.body);
  ASSERT_EQ(events.size(), 1u) << streamed.body;
  EXPECT_EQ(events[0]["type"], "response.completed");
  EXPECT_EQ(events[0]["response"], given);
  const std::string last = std::to_string(events[0]["sequence_number"].get<int64_t>());
  EXPECT_TRUE(events_in(server.fetch(path + "&starting_after=" + last).body).empty());
  EXPECT_EQ(server.fetch(path + "&starting_after=x").json()["error"]["param"], "starting_after");
}

TEST(RunningResponse, LeavesNothingWhereItWasRefused) {
  StatefulServer server([](const chat::Request&) {
    const Error error{ErrorCode::ContextExceeded, "It is too long."};
    return std::vector<chat::FakeStep>{{{}, {.payload = chat::Failed{error}}}};
  });
  EXPECT_EQ(server.respond(R"("input": "Hi")").status, 400);
  EXPECT_EQ(server.respond(R"("input": "Hi", "stream": true)").status, 400);
  EXPECT_TRUE(server.database().responses().unfinished()->empty());
  const Json failed = server.respond(R"("input": "Hi", "background": true)").json();
  const Json response = server.await_status(failed["id"], "failed");
  EXPECT_EQ(response["error"]["message"], "It is too long.");
}

TEST(BackgroundResponse, IsThereAtOnceAndDoneLater) {
  StatefulServer server;
  const HttpReply queued = server.respond(R"("input": "Hi", "background": true)");
  EXPECT_THAT(queued.json()["status"], AnyOf("queued", "in_progress"));
  EXPECT_EQ(queued.json()["background"], true);
  const Json done = server.await_status(queued.json()["id"], "completed");
  EXPECT_EQ(done["output"][0]["content"][0]["text"], "Hello there.");
}

TEST(BackgroundResponse, StreamsFromItsPlaceInTheQueue) {
  StatefulServer server;
  const HttpReply streamed = server.respond(R"("input": "Hi", "background": true, "stream": true)");
  const auto events = events_in(streamed.body);
  expect_numbered_from(events, 0);
  EXPECT_EQ(events.at(0)["type"], "response.created");
  EXPECT_EQ(events.at(1)["type"], "response.queued");
  EXPECT_EQ(events.at(2)["type"], "response.in_progress");
  EXPECT_EQ(events.back()["type"], "response.completed");
}

TEST(BackgroundResponse, IsCancelledWhileItRuns) {
  StatefulServer server(endless());
  const std::string id = server.respond(R"("input": "Hi", "background": true)").json()["id"];
  server.await_status(id, "in_progress");
  const std::string path = "/v1/responses/" + id;
  EXPECT_EQ(server.ask({"POST", path + "/cancel"}).json()["status"], "cancelled");
  EXPECT_EQ(server.ask({"POST", path + "/cancel"}).json()["status"], "cancelled");
  EXPECT_TRUE(eventually([&] { return server.server().backend->live_streams() == 0; }, 10s));
  server.restart(silent());
  EXPECT_EQ(server.fetch(path).json()["status"], "cancelled");
}

TEST(BackgroundResponse, IsCancelledWhileItWaits) {
  ServerOptions options;
  options.background = {.running = 1, .waiting = 1};
  StatefulServer server(endless(), options);
  const std::string fields = R"("input": "Hi", "background": true)";
  const std::string first = server.respond(fields).json()["id"];
  server.await_status(first, "in_progress");
  const std::string second = server.respond(fields).json()["id"];
  const HttpReply third = server.respond(fields);
  EXPECT_EQ(third.status, 503);
  EXPECT_THAT(third.body, HasSubstr("1 background answers wait already"));
  const std::string path = "/v1/responses/" + second;
  EXPECT_EQ(server.ask({"POST", path + "/cancel"}).json()["status"], "cancelled");
  const auto events = events_in(server.fetch(path + "?stream=true").body);
  EXPECT_EQ(events.back()["response"]["status"], "cancelled");
  server.ask({"POST", "/v1/responses/" + first + "/cancel"});
  EXPECT_TRUE(eventually([&] { return server.server().backend->live_streams() == 0; }, 10s));
  EXPECT_EQ(server.server().backend->requests().size(), 1u);
}

TEST(BackgroundResponse, IsAskedAgainAfterARestartIfItWaited) {
  ServerOptions options;
  options.background = {.running = 1, .waiting = 5};
  StatefulServer server(endless(), options);
  const std::string fields = R"("input": "Hi", "background": true)";
  const std::string running = server.respond(fields).json()["id"];
  server.await_status(running, "in_progress");
  const std::string waiting = server.respond(fields).json()["id"];
  server.restart(chat::answers("Hello again."));
  EXPECT_EQ(server.await_status(waiting, "completed")["output"][0]["content"][0]["text"],
            "Hello again.");
  EXPECT_EQ(server.fetch("/v1/responses/" + running).json()["status"], "incomplete");
}

TEST(Control, StopsAnAnswerWithWhatThereIs) {
  StatefulServer server(endless());
  const std::string id = begin_and_leave(server);
  const HttpReply stopped =
      server.ask({"POST", "/v1/responses/" + id + "/control", R"({"action": "stop"})"});
  EXPECT_EQ(stopped.status, 200) << stopped.body;
  const Json response = server.await_status(id, "incomplete");
  EXPECT_THAT(response["output"][0]["content"][0]["text"].get<std::string>(), HasSubstr("word"));
  EXPECT_EQ(
      server.ask({"POST", "/v1/responses/" + id + "/control", R"({"action": "stop"})"}).status,
      409);
}

TEST(Control, HasAnAnswerWrittenNow) {
  std::string reasoning;
  for (int word = 0; word < 3000; ++word) reasoning += "hm ";
  StatefulServer server(chat::answers_with({.text = "Yes.", .reasoning = reasoning}));
  HttpClient client(server.server().port());
  client.send(post("/v1/responses", R"({"input": "Hi", "stream": true})"));
  ASSERT_TRUE(client.read_until("reasoning_text.delta"));
  const std::string id = events_in(client.received() + "\n\n")[0]["response"]["id"];
  const std::string path = "/v1/responses/" + id + "/control";
  EXPECT_EQ(
      server.ask({"POST", path, R"({"action": "set_budget", "reasoning_tokens": 2000})"}).status,
      200);
  EXPECT_EQ(server.ask({"POST", path, R"({"action": "answer_now"})"}).status, 200);
  const Json response = server.await_status(id, "completed");
  EXPECT_EQ(response["output"][1]["content"][0]["text"], "Yes.");
  EXPECT_LT(response["output"][0]["content"][0]["text"].get<std::string>().size(), 6000u);
}

TEST(Control, ReachesTheAnswersOfOtherDialects) {
  TestServer server(endless());
  HttpClient client(server.port());
  client.send(post("/v1/chat/completions", chat_body(R"("stream": true)")));
  ASSERT_TRUE(client.read_until("word"));
  const std::string received = client.received();
  const size_t begin = received.find("chatcmpl-");
  const std::string id = received.substr(begin, received.find('"', begin) - begin);
  HttpClient other(server.port());
  other.send(post("/v1/responses/" + id + "/control", R"({"action": "stop"})"));
  EXPECT_EQ(other.read_reply().status, 200);
  EXPECT_THAT(client.read_reply().body, HasSubstr("[DONE]"));
}

TEST(Control, SaysWhatIsWrongWithIt) {
  StatefulServer server(endless());
  const std::string path = "/v1/responses/" + begin_and_leave(server) + "/control";
  const auto blamed = [&](const std::string& body) {
    return server.ask({"POST", path, body}).json()["error"]["param"];
  };
  EXPECT_EQ(blamed("{}"), "action");
  EXPECT_EQ(blamed(R"({"action": "jump"})"), "action");
  EXPECT_EQ(blamed(R"({"action": "set_budget"})"), "reasoning_tokens");
  EXPECT_EQ(server.ask({"POST", path, R"({"action": "stop"})", "another key"}).status, 404);
  EXPECT_EQ(server.ask({"POST", "/v1/responses/resp_9/control", R"({"action": "stop"})"}).status,
            404);
}

}  // namespace
}  // namespace melete::server
