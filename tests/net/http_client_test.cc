// The HTTP client against a server that does what real ones do.

#include "net/http_client.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>

#include "net/test_server.h"

namespace melete::net {
namespace {

namespace asio = boost::asio;

struct Answer {
  HttpHead head;
  Result<std::string> body;
};

// Asks by one client, one request after another.
class Asker {
 public:
  explicit Asker(HttpClientOptions options = {{}, "", 8})
      : client_(io_.get_executor(), std::move(options)) {}

  Result<Answer> ask(HttpRequest request) {
    Result<Answer> result = fail(ErrorCode::Internal, "did not end");
    asio::co_spawn(io_, run(std::move(request)),
                   [&](std::exception_ptr thrown, Result<Answer> answer) {
                     if (thrown) std::rethrow_exception(thrown);
                     result = std::move(answer);
                   });
    io_.run();
    io_.restart();
    return result;
  }

  Result<Answer> get(const std::string& url) {
    HttpRequest request;
    request.url = *parse_url(url);
    return ask(std::move(request));
  }

 private:
  asio::awaitable<Result<Answer>> run(HttpRequest request) {
    auto exchange = co_await client_.start(std::move(request));
    if (!exchange) co_return std::unexpected(exchange.error());
    Result<std::string> body = co_await read_all(**exchange, 1 << 20);
    co_return Answer{(*exchange)->head(), std::move(body)};
  }

  asio::io_context io_;
  HttpClient client_;
};

Reply text_reply(std::string body) {
  Reply reply;
  reply.body = std::move(body);
  return reply;
}

TEST(HttpClient, ReadsAnswersOfAnyStatusAndUsesTheConnectionAgain) {
  TestServer server([](const SeenRequest& request) {
    Reply reply = text_reply("you asked for " + request.target);
    reply.status = request.target == "/missing" ? 404 : 200;
    return reply;
  });
  Asker asker;
  const auto first = asker.get(server.url("/here"));
  const auto second = asker.get(server.url("/missing"));
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first->body, "you asked for /here");
  EXPECT_EQ(second->head.status, 404);
  EXPECT_EQ(server.connections(), 1u);
}

TEST(HttpClient, ReadsChunkedBodies) {
  TestServer server([](const SeenRequest&) {
    Reply reply = text_reply("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
    reply.headers["Transfer-Encoding"] = "chunked";
    return reply;
  });
  const auto answer = Asker().get(server.url("/"));
  ASSERT_TRUE(answer && answer->body);
  EXPECT_EQ(*answer->body, "hello world");
}

TEST(HttpClient, AsksAgainWhenAnIdleConnectionWasClosed) {
  TestServer server([](const SeenRequest&) {
    Reply reply = text_reply("fine");
    reply.close = true;
    return reply;
  });
  Asker asker;
  for (int i = 0; i < 3; ++i) {
    const auto answer = asker.get(server.url("/"));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(*answer->body, "fine");
  }
}

TEST(HttpClient, FollowsRedirectsAndKeepsSecretsFromOtherHosts) {
  TestServer other([](const SeenRequest&) { return text_reply("moved here"); });
  TestServer server([&](const SeenRequest&) {
    Reply reply;
    reply.status = 302;
    reply.headers["Location"] = other.url("/new");
    return reply;
  });
  HttpRequest request;
  request.url = *parse_url(server.url("/old"));
  request.headers = {{"Authorization", "Bearer secret"}, {"X-Other", "kept"}};
  const auto answer = Asker().ask(request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(*answer->body, "moved here");
  EXPECT_EQ(answer->head.url.text(), other.url("/new"));
  EXPECT_EQ(server.requests().at(0).headers.at("authorization"), "Bearer secret");
  EXPECT_FALSE(other.requests().at(0).headers.contains("authorization"));
  EXPECT_EQ(other.requests().at(0).headers.at("x-other"), "kept");
}

TEST(HttpClient, EndsACircleOfRedirects) {
  TestServer server([](const SeenRequest&) {
    Reply reply;
    reply.status = 301;
    reply.headers["Location"] = "/again";
    return reply;
  });
  const auto answer = Asker().get(server.url("/"));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::Unavailable);
  EXPECT_EQ(server.requests().size(), 6u);
}

TEST(HttpClient, TellsACutBodyFromAWholeOne) {
  TestServer server([](const SeenRequest&) {
    Reply reply = text_reply(std::string(1000, 'x'));
    reply.cut_after = 300;
    return reply;
  });
  const auto answer = Asker().get(server.url("/"));
  ASSERT_TRUE(answer);
  ASSERT_FALSE(answer->body);
  EXPECT_EQ(answer->body.error().code, ErrorCode::Unavailable);
}

TEST(HttpClient, DoesNotWaitBeyondTheDeadline) {
  TestServer server([](const SeenRequest&) {
    Reply reply = text_reply("late");
    reply.delay = std::chrono::milliseconds(2500);
    return reply;
  });
  HttpRequest request;
  request.url = *parse_url(server.url("/"));
  request.answer_deadline = std::chrono::seconds(1);
  const auto answer = Asker().ask(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::DeadlineExceeded);
}

TEST(HttpClient, SaysWhoCannotBeReached) {
  uint16_t port = 0;
  {
    port = TestServer([](const SeenRequest&) { return Reply(); }).port();
  }
  const auto answer = Asker().get("http://127.0.0.1:" + std::to_string(port) + "/");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::Unavailable);
  EXPECT_NE(answer.error().message.find("127.0.0.1"), std::string::npos);
}

TEST(HttpClient, CallsAnswersThatAreNotHttpCorrupt) {
  TestServer server([](const SeenRequest&) {
    Reply reply = text_reply("nonsense\r\n");
    reply.headers["Transfer-Encoding"] = "chunked";
    return reply;
  });
  const auto answer = Asker().get(server.url("/"));
  ASSERT_TRUE(answer);
  ASSERT_FALSE(answer->body);
  EXPECT_EQ(answer->body.error().code, ErrorCode::Corrupt);
}

TEST(HttpClient, SendsTheWholeAddressThroughAProxy) {
  TestServer proxy([](const SeenRequest& request) { return text_reply(request.target); });
  Asker asker({{"http://me:secret@127.0.0.1:" + std::to_string(proxy.port()), "", ""}, "", 8});
  const auto answer = asker.get("http://somewhere.invalid/page");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(*answer->body, "http://somewhere.invalid/page");
  EXPECT_EQ(proxy.requests().at(0).headers.at("proxy-authorization"), "Basic bWU6c2VjcmV0");
}

TEST(HttpClient, SaysThatAProxyRefuses) {
  TestServer proxy([](const SeenRequest&) {
    Reply reply;
    reply.status = 403;
    return reply;
  });
  Asker asker({{"", "http://127.0.0.1:" + std::to_string(proxy.port()), ""}, "", 8});
  const auto answer = asker.get("https://somewhere.invalid/");
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().message.find("status 403"), std::string::npos);
  EXPECT_EQ(proxy.requests().at(0).method, "CONNECT");
  EXPECT_EQ(proxy.requests().at(0).target, "somewhere.invalid:443");
}

TEST(HttpClient, AsksAProxyForAnIpv6AddressInBrackets) {
  TestServer proxy([](const SeenRequest&) { return Reply{.status = 403}; });
  Asker asker({{"", "http://127.0.0.1:" + std::to_string(proxy.port()), ""}, "", 8});
  ASSERT_FALSE(asker.get("https://[2001:db8::1]/"));
  EXPECT_EQ(proxy.requests().at(0).target, "[2001:db8::1]:443");
}

TEST(HttpClient, SendsTheCredentialsOfAnAddress) {
  TestServer server([](const SeenRequest&) { return text_reply("in"); });
  const std::string host = "127.0.0.1:" + std::to_string(server.port());
  ASSERT_TRUE(Asker().get("http://me:secret@" + host + "/"));
  EXPECT_EQ(server.requests().at(0).headers.at("authorization"), "Basic bWU6c2VjcmV0");
}

TEST(HttpClient, RefusesBodiesBeyondTheLimit) {
  TestServer server([](const SeenRequest&) { return text_reply(std::string((1 << 20) + 1, 'x')); });
  const auto answer = Asker().get(server.url("/"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body.error().code, ErrorCode::TooLarge);
}

}  // namespace
}  // namespace melete::net
