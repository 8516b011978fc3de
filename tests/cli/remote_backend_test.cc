// A real server over a scripted backend, asked through RemoteBackend.

#include "cli/remote_backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "chat/collect.h"
#include "chat/fake_backend.h"
#include "server/server.h"

namespace melete::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ScriptedServer {
 public:
  explicit ScriptedServer(chat::FakeScript script, chat::FakeOptions options = {}) {
    auto fake = std::make_unique<chat::FakeBackend>(std::move(options), std::move(script));
    backend = fake.get();
    std::vector<gateway::ServedModel> served;
    served.push_back({"m", std::move(fake)});
    router_ = std::make_unique<gateway::Router>(std::move(served));
    server::ServerOptions server_options;
    server_options.port = 0;
    server_options.threads = 1;
    server_ = *server::Server::start(server_options, {*router_, *router_, metrics_});
  }

  RemoteBackend remote() const { return RemoteBackend(*parse_server(server_->url())); }

  chat::FakeBackend* backend;

 private:
  Metrics metrics_;
  std::unique_ptr<gateway::Router> router_;
  std::unique_ptr<server::Server> server_;
};

chat::Request question() {
  chat::Request request;
  request.model = "m";
  request.messages.push_back(chat::text_message(chat::Role::User, "What is 6 * 7?"));
  return request;
}

TEST(RemoteBackend, AnswersLikeTheBackendBehindTheServer) {
  ScriptedServer server(chat::answers_with({.text = "It is 42.", .reasoning = "Six times seven."}));
  RemoteBackend remote = server.remote();
  const auto stream = remote.start(question());
  const chat::Completion completion = chat::collect_blocking(*stream);
  ASSERT_FALSE(completion.error) << completion.error->message;
  EXPECT_EQ(completion.choices[0].text, "It is 42.");
  EXPECT_EQ(completion.choices[0].reasoning, "Six times seven.");
  EXPECT_EQ(completion.choices[0].finish_reason, chat::FinishReason::Stop);
  EXPECT_EQ(completion.usage.answer_tokens, 3);
}

TEST(RemoteBackend, ListsModelsWithoutTheirModes) {
  ScriptedServer server(chat::answers("x"));
  const auto models = server.remote().models();
  ASSERT_TRUE(models) << models.error().message;
  EXPECT_THAT(*models, ElementsAre("m"));
}

TEST(RemoteBackend, TellsTheServersError) {
  ScriptedServer server(chat::answers("x"));
  RemoteBackend remote = server.remote();
  chat::Request request = question();
  request.model = "other";
  const auto stream = remote.start(request);
  const chat::Completion completion = chat::collect_blocking(*stream);
  ASSERT_TRUE(completion.error);
  EXPECT_EQ(completion.error->code, ErrorCode::NotFound);
  EXPECT_THAT(completion.error->message, HasSubstr("other"));
}

TEST(RemoteBackend, StopsAnAnswerAndFreesItOnTheServer) {
  chat::FakeOptions options;
  options.pace = chat::FakeOptions::Pace::RealTime;
  ScriptedServer server(chat::answers_with({.text = "It is", .hangs = true}), options);
  RemoteBackend remote = server.remote();
  const auto stream = remote.start(question());
  bool stopped = false;
  const chat::Completion completion =
      chat::collect_blocking(*stream, [&](const chat::Event& event) {
        if (stopped || !std::holds_alternative<chat::TextDelta>(event.payload)) return;
        stopped = true;
        EXPECT_TRUE(stream->control(chat::Stop{}));
      });
  EXPECT_FALSE(completion.error);
  EXPECT_EQ(completion.choices[0].finish_reason, chat::FinishReason::Stopped);
  for (int i = 0; i < 500 && server.backend->live_streams() > 0; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(server.backend->live_streams(), 0);
}

TEST(RemoteBackend, SaysThatNoServerAnswers) {
  RemoteBackend remote(*parse_server("127.0.0.1:1"));
  const auto stream = remote.start(question());
  const chat::Completion completion = chat::collect_blocking(*stream);
  ASSERT_TRUE(completion.error);
  EXPECT_EQ(completion.error->code, ErrorCode::Unavailable);
  EXPECT_THAT(completion.error->message, HasSubstr("melete serve"));
}

TEST(ParseServer, TakesTheFormsThatPeopleType) {
  const auto full = parse_server("http://example:9000/base/v1/");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->host, "example");
  EXPECT_EQ(full->port, "9000");
  EXPECT_EQ(full->prefix, "/base");
  EXPECT_EQ(parse_server("localhost")->port, "8080");
  EXPECT_EQ(parse_server("http://[::1]:81")->host, "::1");
}

TEST(ParseServer, RefusesOthers) {
  for (const char* wrong : {"", "http://", "a:b", "a:70000", "[::1", "a b", "a?x"}) {
    EXPECT_FALSE(parse_server(wrong)) << wrong;
  }
  EXPECT_EQ(parse_server("https://a").error().code, ErrorCode::Unsupported);
}

}  // namespace
}  // namespace melete::cli
