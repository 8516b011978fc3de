// Bad input: a clear error with the right status, and the server stays up.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/test_server.h"

namespace melete::server {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

struct BadBody {
  std::string body;
  int status = 400;
  std::string parameter;  // empty: null
};

class BadBodies : public testing::TestWithParam<BadBody> {};

TEST_P(BadBodies, AreRefusedAndTheServerStaysUp) {
  const TestServer server;
  const HttpReply reply = server.ask(GetParam().body);
  EXPECT_EQ(reply.status, GetParam().status) << reply.body;
  const Json error = reply.json()["error"];
  EXPECT_FALSE(error["message"].get<std::string>().empty());
  EXPECT_EQ(error["param"].is_null() ? "" : error["param"].get<std::string>(),
            GetParam().parameter);
  EXPECT_EQ(server.ask(chat_body()).status, 200);
}

INSTANTIATE_TEST_SUITE_P(
    All, BadBodies,
    testing::Values(
        BadBody{""}, BadBody{"{"}, BadBody{"[]"}, BadBody{"\xff\xfe"},
        BadBody{"{\"model\": \"a\xff\"}"}, BadBody{R"({"model": 5})", 400, "model"},
        BadBody{chat_body(R"("temperature": 1e999)")},
        BadBody{R"({"model": "tiny"})", 400, "messages"},
        BadBody{chat_body(R"("max_tokens": -5)"), 400, "max_tokens"},
        BadBody{chat_body(R"("max_tokens": 1e18)"), 400, "max_tokens"},
        BadBody{chat_body(R"("stream": 1)"), 400, "stream"},
        BadBody{chat_body(R"("melete": {"mode": "deep"})"), 400, "melete.mode"},
        BadBody{R"({"model": "huge", "messages": [{"role": "user", "content": "Hi"}]})", 404,
                "model"},
        BadBody{R"({"model": "tiny:deep", "messages": [{"role": "user", "content": "Hi"}]})", 404,
                "model"},
        BadBody{std::string(100'000, '[')}));

TEST(BadInput, AHundredMegabytesAreRefusedAndTheClientSeesIt) {
  const TestServer server;
  HttpClient client(server.port());
  const std::string body(100 << 20, 'a');
  client.send(post("/v1/chat/completions", body));
  const HttpReply reply = client.read_reply();
  EXPECT_EQ(reply.status, 413);
  EXPECT_EQ(reply.json()["error"]["code"], "too_large");
  EXPECT_THAT(reply.json()["error"]["message"].get<std::string>(), HasSubstr("33554432 bytes"));
  EXPECT_EQ(server.ask(chat_body()).status, 200);
}

TEST(BadInput, ABodyThatHidesItsLengthIsRefusedToo) {
  ServerOptions options;
  options.limits.body_bytes = 1000;
  const TestServer server(chat::answers("Hi"), options);
  HttpClient client(server.port());
  client.send(
      "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: "
      "chunked\r\n\r\n");
  client.send("800\r\n" + std::string(2048, 'a') + "\r\n0\r\n\r\n");
  EXPECT_EQ(client.read_reply().status, 413);
}

TEST(BadInput, AChunksHeadAndTheTrailerHaveALimitToo) {
  for (const std::string_view begin : {"5;", "0\r\nx: "}) {
    const TestServer server;
    HttpClient client(server.port());
    client.send(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: "
        "chunked\r\n\r\n");
    client.send(std::string(begin) + std::string(200'000, 'a'));
    EXPECT_EQ(client.read_reply().status, 431) << begin;
  }
}

TEST(BadInput, ALargeHeadIsRefused) {
  const TestServer server;
  HttpClient client(server.port());
  client.send("GET /health HTTP/1.1\r\nx-long: " + std::string(40'000, 'a') + "\r\n\r\n");
  EXPECT_EQ(client.read_reply().status, 431);
}

TEST(BadInput, WhatIsNotHttpIsRefused) {
  const TestServer server;
  HttpClient client(server.port());
  client.send("\x16\x03\x01 this is not HTTP\r\n\r\n");
  EXPECT_EQ(client.read_reply().status, 400);
  EXPECT_TRUE(client.closed_within(milliseconds(3000)));
}

TEST(BadInput, AHeadThatNeverEndsIsCutOff) {
  ServerOptions options;
  options.limits.header_time = milliseconds(200);
  const TestServer server(chat::answers("Hi"), options);
  HttpClient client(server.port());
  client.send("GET /health HTTP/1.1\r\nx-slow: ");
  EXPECT_TRUE(client.closed_within(milliseconds(3000)));
}

TEST(BadInput, ABodyThatNeverEndsIsCutOff) {
  ServerOptions options;
  options.limits.body_time = milliseconds(200);
  const TestServer server(chat::answers("Hi"), options);
  HttpClient client(server.port());
  client.send(
      "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{");
  EXPECT_TRUE(client.closed_within(milliseconds(3000)));
}

}  // namespace
}  // namespace melete::server
