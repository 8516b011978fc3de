// Manners of a connection: reuse, pipelining, ids, limits, and the port.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/test_server.h"

namespace melete::server {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

TEST(Connection, IsUsedForOneRequestAfterTheOther) {
  const TestServer server;
  HttpClient client(server.port());
  for (const char* fields : {"", R"("stream": true)", R"("temperature": -1)", ""}) {
    ASSERT_TRUE(client.send(post("/v1/chat/completions", chat_body(fields))));
    EXPECT_NE(client.read_reply().status, 0) << fields;
  }
}

TEST(Connection, RequestsSentTogetherAreAnsweredInOrder) {
  const TestServer server;
  HttpClient client(server.port());
  client.send(post("/v1/chat/completions", chat_body()) + get("/health/live") + get("/nowhere"));
  EXPECT_EQ(client.read_reply().json()["object"], "chat.completion");
  EXPECT_EQ(client.read_reply().json()["status"], "live");
  EXPECT_EQ(client.read_reply().status, 404);
}

TEST(Connection, ManyRequestsSentTogetherAreAnsweredInOrderEvenBeyondTheBuffer) {
  constexpr int kRequests = 2000;  // 100 KB of them
  const TestServer server;
  HttpClient client(server.port());
  std::string requests = post("/v1/chat/completions", chat_body(R"("stream": true)"));
  for (int request = 0; request < kRequests; ++request) {
    requests += get(request % 2 == 0 ? "/health/live" : "/nowhere");
  }
  client.send(requests);
  EXPECT_THAT(client.read_reply().body, HasSubstr("[DONE]"));
  for (int request = 0; request < kRequests; ++request) {
    ASSERT_EQ(client.read_reply().status, request % 2 == 0 ? 200 : 404) << request;
  }
}

TEST(Connection, ARequestSentDuringAnAnswerWaitsItsTurn) {
  const TestServer server(chat::answers_with({.text = "One two three four"}));
  HttpClient client(server.port());
  client.send(post("/v1/chat/completions", chat_body(R"("stream": true)")));
  ASSERT_TRUE(client.read_until("One"));
  client.send(get("/health/live"));
  EXPECT_THAT(client.read_reply().body, HasSubstr("[DONE]"));
  EXPECT_EQ(client.read_reply().json()["status"], "live");
}

TEST(Connection, OldClientsGetAnAnswerThatEndsWithTheConnection) {
  const TestServer server;
  const std::string body = chat_body(R"("stream": true)");
  for (const std::string more : {"", "connection: keep-alive\r\n"}) {
    HttpClient client(server.port());
    client.send(fmt::format("POST /v1/chat/completions HTTP/1.0\r\n{}content-length: {}\r\n\r\n{}",
                            more, body.size(), body));
    const HttpReply reply = client.read_reply();
    EXPECT_EQ(reply.status, 200);
    EXPECT_THAT(reply.body, testing::EndsWith("data: [DONE]\n\n"));
  }
}

TEST(Connection, ALargeBodyIsInvitedWhenTheClientAsks) {
  const TestServer server;
  HttpClient client(server.port());
  const std::string body = chat_body();
  client.send(
      "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nexpect: "
      "100-continue\r\ncontent-length: " +
      std::to_string(body.size()) + "\r\n\r\n");
  ASSERT_TRUE(client.read_until("100 Continue\r\n\r\n"));
  client.send(body);
  EXPECT_TRUE(client.read_until("chat.completion"));
}

TEST(Connection, ACallersRequestIdComesBack) {
  const TestServer server;
  HttpClient client(server.port());
  client.send("GET /health HTTP/1.1\r\nhost: localhost\r\nx-request-id: my-id-1\r\n\r\n");
  EXPECT_EQ(client.read_reply().headers.at("x-request-id"), "my-id-1");
  client.send("GET /health HTTP/1.1\r\nhost: localhost\r\nx-request-id: bad id\r\n\r\n");
  EXPECT_THAT(client.read_reply().headers.at("x-request-id"), HasSubstr("req_"));
}

TEST(Connection, IdleOnesAreClosed) {
  ServerOptions options;
  options.limits.idle_time = milliseconds(100);
  const TestServer server(chat::answers("Hi"), options);
  HttpClient client(server.port());
  EXPECT_TRUE(client.closed_within(milliseconds(3000)));
}

TEST(Connection, OnesBeyondTheLimitAreToldToComeBack) {
  ServerOptions options;
  options.limits.connections = 1;
  const TestServer server(chat::answers("Hi"), options);
  HttpClient first(server.port());
  first.send(get("/health"));
  EXPECT_EQ(first.read_reply().status, 200);
  HttpClient second(server.port());
  const HttpReply reply = second.read_reply();
  EXPECT_EQ(reply.status, 503);
  EXPECT_EQ(reply.headers.at("retry-after"), "1");
}

TEST(Connection, APortInUseIsNamedWithAWayOut) {
  const TestServer first;
  Metrics metrics;
  ServerOptions options;
  options.port = first.port();
  const auto second = Server::start(options, {*first.router, *first.router, metrics});
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, ErrorCode::Conflict);
  EXPECT_EQ(second.error().parameter, "port");
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(first.port())));
  EXPECT_THAT(second.error().message, HasSubstr("--port"));
}

TEST(Connection, AHostThatIsNotOursIsNamed) {
  const TestServer first;
  Metrics metrics;
  ServerOptions options;
  options.host = "203.0.113.7";
  options.port = 0;
  const auto second = Server::start(options, {*first.router, *first.router, metrics});
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().parameter, "host");
}

}  // namespace
}  // namespace melete::server
