// WebSockets as connections: who may open one, and how each ends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/socket_client.h"
#include "server/test_server.h"

namespace melete::server {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* kHello = R"("input": "Hi")";

HttpReply upgrade(const TestServer& server, const std::string& path, const std::string& headers) {
  HttpClient client(server.port());
  client.send(upgrade_text(path, headers));
  const bool came = client.read_until("\r\n\r\n");
  if (came && client.received().starts_with("HTTP/1.1 101 ")) return {.status = 101};
  return client.read_reply();
}

TEST(WebSocketUpgrade, IsForResponsesAlone) {
  const TestServer server;
  const HttpReply page = upgrade(server, "/health", "");
  EXPECT_EQ(page.status, 400);
  EXPECT_THAT(page.json()["error"]["message"].get<std::string>(), HasSubstr("/v1/responses does"));
  EXPECT_EQ(upgrade(server, "/v1/chat/completions", "").status, 405);
  EXPECT_EQ(upgrade(server, "/v1/nothing", "").status, 404);
}

TEST(WebSocketUpgrade, WantsARequestThatIsRight) {
  const TestServer server;
  EXPECT_EQ(upgrade(server, "/v1/responses", "").status, 101);
  const HttpReply plain = upgrade(server, "/v1/responses", "upgrade: h2c\r\n");
  EXPECT_EQ(plain.status, 426);
  EXPECT_EQ(plain.headers.at("upgrade"), "websocket");
  const HttpReply old = upgrade(server, "/v1/responses", "sec-websocket-version: 8\r\n");
  EXPECT_EQ(old.status, 426);
  EXPECT_EQ(old.headers.at("sec-websocket-version"), "13");
  EXPECT_EQ(upgrade(server, "/v1/responses", "sec-websocket-key: short\r\n").status, 400);
  EXPECT_EQ(upgrade(server, "/v1/responses", "x-melete-deadline-ms: soon\r\n").status, 400);
}

TEST(WebSocketUpgrade, LeavesTheConnectionToHttpWhereItIsRefused) {
  const TestServer server;
  HttpClient client(server.port());
  client.send(upgrade_text("/v1/responses", "origin: https://evil.example\r\n"));
  EXPECT_EQ(client.read_reply().status, 403);
  client.send(get("/health/live"));
  EXPECT_EQ(client.read_reply().status, 200);
}

struct Page {
  std::string name;
  std::string origin;
  std::string host;
  int status;
};

class WebSocketPage : public testing::TestWithParam<Page> {};

TEST_P(WebSocketPage, MayOpenOneOnlyFromHereOrWhereItIsNamed) {
  ServerOptions options;
  options.cors_origins = {"https://chat.example"};
  options.allowed_hosts = {"melete.example"};
  const TestServer server(chat::answers("Hello."), options);
  const Page& page = GetParam();
  const std::string headers = "host: " + page.host + "\r\norigin: " + page.origin + "\r\n";
  EXPECT_EQ(upgrade(server, "/v1/responses", headers).status, page.status);
}

INSTANTIATE_TEST_SUITE_P(
    All, WebSocketPage,
    testing::Values(Page{"Named", "https://chat.example", "melete.example", 101},
                    Page{"AllowedName", "https://melete.example", "melete.example", 101},
                    Page{"Localhost", "http://localhost:8080", "localhost:8080", 101},
                    Page{"Address", "https://192.168.1.5:8080", "192.168.1.5:8080", 101},
                    Page{"Address6", "http://[::1]:8080", "[::1]:8080", 101},
                    Page{"Elsewhere", "https://evil.example", "localhost:8080", 403},
                    Page{"OtherPort", "http://localhost:9090", "localhost:8080", 403},
                    Page{"Rebound", "http://evil.example:8080", "evil.example:8080", 403},
                    Page{"Sandboxed", "null", "localhost:8080", 403}),
    [](const auto& tested) { return tested.param.name; });

TEST(WebSocketConnection, APageByAnotherNameMayOpenNoneWhereOtherMachinesAskEither) {
  ServerOptions options;
  options.host = "0.0.0.0";
  options.allowed_hosts = {"*"};
  const TestServer server(chat::answers("Hello."), options);
  const std::string rebound = "host: evil.example:8080\r\norigin: http://evil.example:8080\r\n";
  EXPECT_EQ(upgrade(server, "/v1/responses", rebound).status, 403);
}

TEST(WebSocketConnection, AnswersPingsWhileItAnswers) {
  const TestServer server(endless());
  SocketClient client(server.port());
  client.create(kHello);
  ASSERT_TRUE(client.read_until("response.created"));
  EXPECT_TRUE(client.ping());
}

TEST(WebSocketConnection, PingsASilentClientAndEndsOneThatIsGone) {
  ServerOptions options;
  options.limits.comment_interval = 50ms;
  const TestServer lively(chat::answers_with({.text = "Late.", .first_token = 1s}), options);
  SocketClient client(lively.port());
  client.create(kHello);
  EXPECT_EQ(client.read_turn().back()["type"], "response.completed");
  EXPECT_GT(client.pings(), 0);

  options.limits.write_time = 300ms;
  const TestServer strict(silent(), options);
  HttpClient gone(strict.port());
  gone.send(upgrade_text("/v1/responses") +
            client_frame(R"({"type":"response.create","input":"a"})"));
  EXPECT_TRUE(gone.closed_within(10s)) << "it was pinged and never answered";
  EXPECT_TRUE(eventually([&] { return strict.backend->live_streams() == 0; }, 10s));
}

TEST(WebSocketConnection, EndsWithItsTime) {
  ServerOptions options;
  options.limits.socket_time = 200ms;
  const TestServer server(chat::answers("Hello."), options);
  SocketClient client(server.port());
  const auto farewell = client.read();
  ASSERT_TRUE(farewell);
  EXPECT_EQ(farewell->at("type"), "error");
  EXPECT_EQ(farewell->at("status"), 400);
  EXPECT_EQ(farewell->at("error")["code"], "websocket_connection_limit_reached");
  EXPECT_FALSE(client.read());
  EXPECT_EQ(client.close_code(), 1001);
}

TEST(WebSocketConnection, EndsAfterAMessageThatIsTooLarge) {
  ServerOptions options;
  options.limits.body_bytes = 10'000;
  const TestServer server(chat::answers("Hello."), options);
  SocketClient client(server.port());
  client.create(R"("input": ")" + std::string(9'000, 'a') + '"');
  EXPECT_EQ(client.read_turn().back()["type"], "response.completed");
  client.create(R"("input": ")" + std::string(500'000, 'a') + '"');
  const auto error = client.read();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->at("status"), 413);
  EXPECT_FALSE(client.read());
  EXPECT_EQ(client.close_code(), 1009);
  EXPECT_THAT(client.close_reason(), HasSubstr("10000 bytes"));
}

TEST(WebSocketConnection, EndsWhereTooManyMessagesWait) {
  ServerOptions options;
  options.limits.waiting_messages = 2;
  const TestServer server(chat::in_turn({chat::answers_with({.text = "One.", .first_token = 3s}),
                                         chat::answers("Two.")}),
                          options);
  SocketClient client(server.port());
  client.create(kHello);
  ASSERT_TRUE(client.read_until("response.created"));
  for (int message = 0; message < 3; ++message) client.create(kHello);
  for (int turn = 0; turn < 3; ++turn) {
    EXPECT_EQ(client.read_turn().back()["type"], "response.completed");
  }
  const auto error = client.read();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->at("status"), 429);
  EXPECT_FALSE(client.read());
  EXPECT_EQ(client.close_code(), 1008);
}

TEST(WebSocketConnection, EndsWhereItsClientSpeaksNoWebSocket) {
  const TestServer server;
  HttpClient client(server.port());
  const std::string unmasked = "\x81\x02{}";
  client.send(upgrade_text("/v1/responses") + unmasked);
  const std::string close("\x88\x02\x03\xea", 4);  // 1002
  EXPECT_TRUE(client.read_until(close));
  EXPECT_TRUE(client.closed_within(10s));

  HttpClient other(server.port());
  other.send(upgrade_text("/v1/responses") + client_frame("\xff"));
  const std::string no_utf8("\x88\x02\x03\xef", 4);  // 1007
  EXPECT_TRUE(other.read_until(no_utf8)) << other.received();
}

TEST(WebSocketConnection, IsTakenLeaveOfAtAStop) {
  TestServer server;
  SocketClient client(server.port());
  ASSERT_EQ(client.status(), 101);
  server.server->stop();
  EXPECT_FALSE(client.read());
  EXPECT_EQ(client.close_code(), 1001);
  server.server->wait();
}

TEST(WebSocketConnection, FinishesItsAnswerAtAStop) {
  TestServer server(chat::answers_with({.text = "One two three."}));
  SocketClient client(server.port());
  client.create(kHello);
  ASSERT_TRUE(client.read_until("response.created"));
  server.server->stop();
  const std::vector<Json> turn = client.read_turn();
  ASSERT_FALSE(turn.empty());
  EXPECT_EQ(turn.back()["type"], "response.completed");
  EXPECT_FALSE(client.read());
  EXPECT_EQ(client.close_code(), 1001);
}

TEST(WebSocketConnection, EndsALongAnswerAsIncompleteAtAStopAndBeginsNoOther) {
  ServerOptions options;
  options.drain = 200ms;
  TestServer server(endless(), options);
  SocketClient client(server.port());
  client.create(kHello);
  ASSERT_TRUE(client.read_until("response.output_text.delta"));
  client.create(kHello);
  ASSERT_TRUE(client.ping()) << "so the second message is there";
  server.server->stop();
  const std::vector<Json> turn = client.read_turn();
  ASSERT_FALSE(turn.empty());
  EXPECT_EQ(turn.back()["type"], "response.incomplete");
  const auto refused = client.read();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->at("status"), 503);
  EXPECT_FALSE(client.read());
  EXPECT_EQ(client.close_code(), 1001);
}

}  // namespace
}  // namespace melete::server
