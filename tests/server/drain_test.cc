// A stop lets running answers finish within the drain time, and ends the others as incomplete.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "server/test_server.h"

namespace melete::server {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;

TEST(Drain, AShortAnswerFinishes) {
  TestServer server(chat::answers_with({.text = "One two three"}));
  HttpClient client(server.port());
  client.send(post("/v1/chat/completions", chat_body()));
  ASSERT_TRUE(eventually([&] { return server.backend->live_streams() == 1; }));
  server.server->stop();
  const HttpReply reply = client.read_reply();
  EXPECT_EQ(reply.json()["choices"][0]["message"]["content"], "One two three");
  EXPECT_EQ(reply.json()["choices"][0]["finish_reason"], "stop");
  server.server->wait();
}

TEST(Drain, ALongAnswerEndsAsIncomplete) {
  ServerOptions options;
  options.drain = milliseconds(200);
  TestServer server(endless(), options);
  HttpClient client(server.port());
  client.send(post("/v1/chat/completions", chat_body(R"("stream": true)")));
  ASSERT_TRUE(client.read_until("word "));
  const auto start = std::chrono::steady_clock::now();
  server.server->stop();
  server.server->wait();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(3));
  const HttpReply reply = client.read_reply();
  EXPECT_THAT(reply.body,
              HasSubstr(R"("finish_reason":"length","melete":{"finish_reason":"stopped"})"));
  EXPECT_THAT(reply.body, EndsWith("data: [DONE]\n\n"));
  EXPECT_EQ(server.backend->live_streams(), 0);
}

TEST(Drain, IdleConnectionsAreClosedAtOnce) {
  TestServer server;
  HttpClient client(server.port());
  client.send(get("/health"));
  EXPECT_EQ(client.read_reply().status, 200);
  const auto start = std::chrono::steady_clock::now();
  server.server->stop();
  server.server->wait();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  EXPECT_TRUE(client.closed_within(milliseconds(500)));
}

TEST(Drain, NewRequestsAreRefused) {
  TestServer server(endless());
  HttpClient client(server.port());
  client.send(post("/v1/chat/completions", chat_body(R"("stream": true)")));
  ASSERT_TRUE(client.read_until("word "));
  HttpClient half(server.port());
  half.send("GET /health/ready HTTP/1.1\r\n");
  ASSERT_TRUE(client.read_until("word "));
  std::this_thread::sleep_for(milliseconds(100));
  server.server->stop();
  half.send("host: localhost\r\n\r\n");
  EXPECT_EQ(half.read_reply().status, 503);
  client.close();
  server.server->wait();
  HttpClient late(server.port());
  EXPECT_FALSE(late.send(get("/health")) && late.read_reply().status != 0);
}

// Computes for half a second, whatever it is told.
class DeafEmbedder final : public chat::Embedder {
 public:
  Result<chat::Embeddings> embed(const chat::EmbedRequest& /*request*/) override {
    ++begun;
    std::this_thread::sleep_for(milliseconds(500));
    return fail(ErrorCode::Internal, "too late");
  }

  std::atomic<int> begun = 0;
};

TEST(Drain, WorkThatDoesNotEndInTimeIsWaitedForWithAllThatItNeeds) {
  DeafEmbedder embedder;
  ServerOptions options;
  options.drain = milliseconds(10);
  options.end = milliseconds(10);
  TestServer server(chat::answers("Hello there."), options, {.embedder = &embedder});
  HttpClient client(server.port());
  HttpClient waiting(server.port());
  const std::string body = R"({"model": "tiny", "input": "one"})";
  client.send(post("/v1/embeddings", body));
  ASSERT_TRUE(eventually([&] { return embedder.begun == 1; }));
  waiting.send(post("/v1/embeddings", body));
  std::this_thread::sleep_for(milliseconds(100));
  server.server.reset();
  EXPECT_EQ(embedder.begun, 1) << "what waited was to be dropped";
  EXPECT_EQ(waiting.read_reply().status, 0);
}

}  // namespace
}  // namespace melete::server
