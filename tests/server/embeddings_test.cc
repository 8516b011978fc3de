// Embeddings over a real socket, on a thread of their own.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "server/test_server.h"

namespace melete::server {
namespace {

using std::chrono::milliseconds;

const std::string kBody = R"({"model": "tiny", "input": ["one two", "two three"]})";

// Computes until it is told to stop.
class EndlessEmbedder final : public chat::Embedder {
 public:
  Result<chat::Embeddings> embed(const chat::EmbedRequest& request) override {
    ++running;
    while (!request.stop.stop_requested()) std::this_thread::sleep_for(milliseconds(1));
    --running;
    return fail(ErrorCode::Cancelled, "The client went away.");
  }

  std::atomic<int> running = 0;
};

TEST(Embeddings, ComeWithTheirUsage) {
  const TestServer server;
  HttpClient client(server.port());
  client.send(post("/v1/embeddings", kBody));
  const HttpReply reply = client.read_reply();
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.json()["data"].size(), 2u);
  EXPECT_EQ(reply.json()["usage"]["prompt_tokens"], 4);
  client.send(post("/v1/embeddings", R"({"model": "tiny"})"));
  EXPECT_EQ(client.read_reply().status, 400);
}

TEST(Embeddings, EndWhenTheClientLeavesAndHoldUpNoAnswer) {
  EndlessEmbedder embedder;
  ServerOptions options;
  options.limits.long_queries = 1;
  const TestServer server(chat::answers("Hello there."), options, {.embedder = &embedder});
  HttpClient client(server.port());
  client.send(post("/v1/embeddings", kBody));
  ASSERT_TRUE(eventually([&] { return embedder.running == 1; }));
  EXPECT_EQ(server.ask(chat_body()).status, 200);
  HttpClient second(server.port());
  second.send(post("/v1/embeddings", kBody));
  const HttpReply refused = second.read_reply();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.headers.at("retry-after"), "1");
  client.close();
  EXPECT_TRUE(eventually([&] { return embedder.running == 0; }));
}

}  // namespace
}  // namespace melete::server
