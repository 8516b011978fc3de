// Anthropic Messages over a real socket: whole, streamed, counted and refused in that dialect's
// form.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/test_server.h"

namespace melete::server {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* kPath = "/v1/messages";

// A question with `more` beside it.
std::string body(const std::string& more = "") {
  const std::string comma = more.empty() ? "" : ", ";
  return R"({"model": "tiny", "max_tokens": 64, "messages": [{"role": "user", "content": "Hi there"}])" +
         comma + more + "}";
}

HttpReply ask(const TestServer& server, const std::string& path, const std::string& text) {
  HttpClient client(server.port());
  client.send(post(path, text));
  return client.read_reply();
}

TEST(Messages, AWholeAnswer) {
  const TestServer server;
  const HttpReply reply = ask(server, kPath, body());
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.json()["content"][0]["text"], "Hello there.");
  EXPECT_EQ(reply.json()["stop_reason"], "end_turn");
  EXPECT_EQ(reply.json()["usage"]["output_tokens"], 2);
}

TEST(Messages, AStreamedAnswer) {
  const TestServer server;
  const HttpReply reply = ask(server, kPath, body(R"("stream": true)"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("content-type"), "text/event-stream");
  EXPECT_THAT(reply.body, testing::StartsWith("event: message_start\n"));
  EXPECT_THAT(reply.body, HasSubstr(R"("text":" there.")"));
  EXPECT_THAT(reply.body, EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"));
}

TEST(Messages, AreCountedWithoutBeingAnswered) {
  const TestServer server;
  const HttpReply reply =
      ask(server, "/v1/messages/count_tokens",
          R"({"model": "tiny", "messages": [{"role": "user", "content": "Hi there"}]})");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.json()["input_tokens"], 2);
  EXPECT_TRUE(server.backend->requests().empty());
}

TEST(Messages, ThinkingReachesTheBackend) {
  const TestServer server;
  ask(server, kPath, body(R"("thinking": {"type": "enabled", "budget_tokens": 32})"));
  ASSERT_EQ(server.backend->requests().size(), 1u);
  EXPECT_EQ(server.backend->requests()[0].mode, chat::Mode::Thinking);
  EXPECT_EQ(server.backend->requests()[0].limits.reasoning_tokens, 32);
  EXPECT_EQ(server.backend->requests()[0].limits.answer_tokens, 32);
}

TEST(Messages, ErrorsHaveTheDialectsForm) {
  const TestServer server;
  for (const std::string path : {"/v1/messages", "/v1/messages/count_tokens"}) {
    const HttpReply wrong = ask(server, path, R"({"max_tokens": 5, "messages": 7})");
    EXPECT_EQ(wrong.status, 400);
    EXPECT_EQ(wrong.json()["type"], "error");
    EXPECT_EQ(wrong.json()["error"]["type"], "invalid_request_error");
    EXPECT_EQ(wrong.json()["error"]["param"], "messages");
    const HttpReply unknown = ask(
        server, path,
        R"({"model": "huge", "max_tokens": 5, "messages": [{"role": "user", "content": "Hi"}]})");
    EXPECT_EQ(unknown.status, 404);
    EXPECT_EQ(unknown.json()["error"]["type"], "not_found_error");
  }
}

}  // namespace
}  // namespace melete::server
