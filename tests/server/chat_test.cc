// Answers over a real socket: whole, streamed, failed and abandoned.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "server/test_server.h"

namespace melete::server {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;

TEST(Chat, AWholeAnswer) {
  const TestServer server;
  const HttpReply reply = server.ask(chat_body());
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("content-type"), "application/json");
  EXPECT_THAT(reply.headers.at("x-request-id"), HasSubstr("req_"));
  EXPECT_EQ(reply.json()["choices"][0]["message"]["content"], "Hello there.");
  EXPECT_EQ(reply.json()["usage"]["completion_tokens"], 2);
}

TEST(Chat, AStreamedAnswer) {
  const TestServer server;
  const HttpReply reply =
      server.ask(chat_body(R"("stream": true, "stream_options": {"include_usage": true})"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.headers.at("content-type"), "text/event-stream");
  EXPECT_THAT(reply.body, HasSubstr(R"("role":"assistant")"));
  EXPECT_THAT(reply.body, HasSubstr(R"("content":" there.")"));
  EXPECT_THAT(reply.body, HasSubstr(R"("finish_reason":"stop")"));
  EXPECT_THAT(reply.body, HasSubstr(R"("completion_tokens":2)"));
  EXPECT_THAT(reply.body, EndsWith("data: [DONE]\n\n"));
}

TEST(Chat, DeltasArriveAsTheyAreMade) {
  const TestServer server(endless());
  HttpClient client(server.port());
  client.send(post("/v1/chat/completions", chat_body(R"("stream": true)")));
  const auto start = std::chrono::steady_clock::now();
  EXPECT_TRUE(client.read_until("word "));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

TEST(Chat, TheModeOfTheNameReachesTheBackend) {
  const TestServer server;
  const HttpReply reply =
      server.ask(R"({"model": "tiny:thinking", "messages": [{"role": "user", "content": "Hi"}]})");
  EXPECT_EQ(reply.json()["model"], "tiny:thinking");
  ASSERT_EQ(server.backend->requests().size(), 1u);
  EXPECT_EQ(server.backend->requests()[0].model, "tiny");
  EXPECT_EQ(server.backend->requests()[0].mode, chat::Mode::Thinking);
}

TEST(Chat, AnErrorBeforeTheFirstEventHasItsOwnStatus) {
  const chat::FakeScript fails = [](const chat::Request&) {
    const Error error{ErrorCode::ContextExceeded, "The context is 10 and the prompt has 20.",
                      "messages"};
    return std::vector<chat::FakeStep>{{{}, {.payload = chat::Failed{error}}}};
  };
  const TestServer server(fails);
  for (const char* stream : {"false", "true"}) {
    const HttpReply reply = server.ask(chat_body(std::string(R"("stream": )") + stream));
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.json()["error"]["code"], "context_length_exceeded");
    EXPECT_EQ(reply.json()["error"]["param"], "messages");
  }
}

TEST(Chat, AnAnswerThatBreaksOffSaysSo) {
  const chat::FakeScript breaks = [](const chat::Request&) {
    return std::vector<chat::FakeStep>{{{}, {.payload = chat::Started{}}},
                                       {{}, {.tokens = 1, .payload = chat::TextDelta{"Hel", {}}}}};
  };
  const TestServer server(breaks);
  EXPECT_EQ(server.ask(chat_body()).status, 502);
  const HttpReply streamed = server.ask(chat_body(R"("stream": true)"));
  EXPECT_THAT(streamed.body, HasSubstr("broke off"));
  EXPECT_THAT(streamed.body, EndsWith("data: [DONE]\n\n"));
}

class ChatAbandoned : public testing::TestWithParam<const char*> {};

TEST_P(ChatAbandoned, FreesItsStreamWithinATenthOfASecond) {
  const TestServer server(silent());
  HttpClient client(server.port());
  client.send(post("/v1/chat/completions", chat_body(GetParam())));
  ASSERT_TRUE(eventually([&] { return server.backend->live_streams() == 1; }));
  std::this_thread::sleep_for(milliseconds(50));
  client.close();
  EXPECT_TRUE(eventually([&] { return server.backend->live_streams() == 0; }, milliseconds(100)));
}

INSTANTIATE_TEST_SUITE_P(Forms, ChatAbandoned,
                         testing::Values(R"("stream": true)", R"("stream": false)"));

TEST(Chat, ASilentStreamSaysThatItLives) {
  ServerOptions options;
  options.limits.comment_interval = milliseconds(50);
  const TestServer server(silent(), options);
  HttpClient client(server.port());
  client.send(post("/v1/chat/completions", chat_body(R"("stream": true)")));
  EXPECT_TRUE(client.read_until(": keep-alive\n\n"));
}

TEST(Chat, AReaderThatStopsReadingHoldsUpNobodyElse) {
  const TestServer server(endless(milliseconds(1)));
  HttpClient lazy(server.port());
  lazy.send(post("/v1/chat/completions", chat_body(R"("stream": true)")));
  HttpClient eager(server.port());
  eager.send(post("/v1/chat/completions", chat_body(R"("stream": true)")));
  EXPECT_TRUE(eager.read_until("word "));
}

TEST(Chat, ManyClientsAtOnce) {
  constexpr int kClients = 100;
  const TestServer server;
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int index = 0; index < kClients; ++index) {
    clients.push_back(std::make_unique<HttpClient>(server.port()));
    clients.back()->send(post("/v1/chat/completions", chat_body(R"("stream": true)")));
  }
  for (const auto& client : clients) {
    const HttpReply reply = client->read_reply();
    EXPECT_EQ(reply.status, 200);
    EXPECT_THAT(reply.body, EndsWith("data: [DONE]\n\n"));
  }
}

}  // namespace
}  // namespace melete::server
