// The pages that are ready at once.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/test_server.h"

namespace melete::server {
namespace {

using testing::HasSubstr;

TEST(Pages, Models) {
  const TestServer server;
  const HttpReply list = server.fetch("/v1/models");
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(list.json()["data"][0]["id"], "tiny");
  EXPECT_EQ(server.fetch("/v1/models/tiny").json()["id"], "tiny");
  EXPECT_EQ(server.fetch("/v1/models/tiny%3Athinking").json()["melete"]["mode"], "thinking");
  const HttpReply unknown = server.fetch("/v1/models/huge");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(unknown.json()["error"]["code"], "model_not_found");
}

TEST(Pages, Health) {
  ServerOptions options;
  auto ready = std::make_shared<std::atomic<bool>>(false);
  options.ready = [ready]() -> Result<void> {
    if (*ready) return {};
    return fail(ErrorCode::Unavailable, "The model is loading: 40 %.");
  };
  const TestServer server(chat::answers("Hi"), options);
  EXPECT_EQ(server.fetch("/health/live").status, 200);
  EXPECT_EQ(server.fetch("/health/ready").status, 503);
  EXPECT_THAT(server.fetch("/health").body, HasSubstr("40 %"));
  *ready = true;
  EXPECT_EQ(server.fetch("/health/ready").status, 200);
  EXPECT_EQ(server.fetch("/health").json()["status"], "ready");
}

TEST(Pages, MetricsCountRepliesByRoute) {
  const TestServer server;
  server.ask(chat_body());
  server.ask("{");
  const HttpReply metrics = server.fetch("/metrics");
  EXPECT_THAT(metrics.headers.at("content-type"), HasSubstr("text/plain"));
  EXPECT_THAT(metrics.body, HasSubstr(R"(route="/v1/chat/completions")"));
  EXPECT_THAT(
      metrics.body,
      HasSubstr(R"(melete_http_replies_total{result="refused",route="/v1/chat/completions"} 1)"));
}

TEST(Pages, FilesFromMemory) {
  ServerOptions options;
  options.files = {{"/", "text/html; charset=utf-8", "<h1>Melete</h1>"}};
  const TestServer server(chat::answers("Hi"), options);
  const HttpReply page = server.fetch("/?q=1");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers.at("content-type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.body, "<h1>Melete</h1>");
}

TEST(Pages, HeadHasTheLengthButNoBody) {
  const TestServer server;
  HttpClient client(server.port());
  client.send("HEAD /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n" + get("/health/live"));
  ASSERT_TRUE(client.read_until("\r\n\r\nHTTP/1.1 200"));
}

TEST(Pages, UnknownPathsAndMethodsAreToldApart) {
  const TestServer server;
  const HttpReply unknown = server.fetch("/v2/chat");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.json()["error"]["message"].get<std::string>(), HasSubstr("/v2/chat"));
  const HttpReply wrong = server.fetch("/v1/chat/completions");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.at("allow"), "POST");
}

std::string from_origin(const std::string& method, const std::string& origin) {
  return method + " /health HTTP/1.1\r\nhost: localhost\r\norigin: " + origin + "\r\n\r\n";
}

TEST(Pages, OtherOriginsAreKeptOutUnlessNamed) {
  const TestServer closed;
  HttpClient client(closed.port());
  client.send(from_origin("GET", "https://a.example"));
  EXPECT_FALSE(client.read_reply().headers.contains("access-control-allow-origin"));
  client.send(from_origin("OPTIONS", "https://a.example"));
  EXPECT_EQ(client.read_reply().status, 405);
}

std::string post_from(const std::string& headers) {
  return "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost:8080\r\n" + headers +
         "content-length: 2\r\n\r\n{}";
}

TEST(Pages, OtherOriginsChangeNothingEither) {
  const TestServer closed;
  HttpClient client(closed.port());
  for (const char* foreign :
       {"origin: https://a.example\r\n", "origin: null\r\n", "origin: http://localhost:3000\r\n",
        "origin: http://localhost:8080\r\nsec-fetch-site: cross-site\r\n"}) {
    client.send(post_from(foreign));
    const HttpReply refused = client.read_reply();
    EXPECT_EQ(refused.status, 403) << foreign;
    EXPECT_EQ(refused.json()["error"]["param"], "origin");
  }
  for (const char* own : {"", "origin: http://localhost:8080\r\n",
                          "origin: https://proxy.example\r\nsec-fetch-site: same-origin\r\n"}) {
    client.send(post_from(own));
    EXPECT_NE(client.read_reply().status, 403) << own;
  }
}

TEST(Pages, NamedOriginsMayCall) {
  ServerOptions options;
  options.cors_origins = {"https://a.example"};
  const TestServer server(chat::answers("Hi"), options);
  HttpClient client(server.port());
  client.send(from_origin("OPTIONS", "https://a.example"));
  const HttpReply preflight = client.read_reply();
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.headers.at("access-control-allow-origin"), "https://a.example");
  client.send(from_origin("GET", "https://b.example"));
  const HttpReply stranger = client.read_reply();
  EXPECT_FALSE(stranger.headers.contains("access-control-allow-origin"));
  EXPECT_EQ(stranger.headers.at("vary"), "origin") << "a cache must not mix them up";
  client.send(post_from("origin: https://a.example\r\nsec-fetch-site: cross-site\r\n"));
  EXPECT_NE(client.read_reply().status, 403);
}

TEST(Pages, AStarLetsEveryOriginCall) {
  ServerOptions options;
  options.cors_origins = {"*"};
  const TestServer server(chat::answers("Hi"), options);
  HttpClient client(server.port());
  client.send(from_origin("GET", "https://b.example"));
  EXPECT_EQ(client.read_reply().headers.at("access-control-allow-origin"), "https://b.example");
}

}  // namespace
}  // namespace melete::server
