// A real server over a scripted backend, asked through RemoteBackend.

#include "cli/remote_backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "chat/collect.h"
#include "chat/fake_backend.h"
#include "models/sample_files.h"
#include "models/user_directories.h"
#include "net/test_server.h"
#include "server/self_signed.h"
#include "server/server.h"

namespace melete::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ScriptedServer {
 public:
  explicit ScriptedServer(chat::FakeScript script, chat::FakeOptions options = {},
                          std::optional<server::TlsFiles> tls = std::nullopt) {
    auto fake = std::make_unique<chat::FakeBackend>(std::move(options), std::move(script));
    backend = fake.get();
    std::vector<gateway::ServedModel> served;
    served.push_back({"m", std::move(fake)});
    router_ = std::make_unique<gateway::Router>(std::move(served));
    server::ServerOptions server_options;
    server_options.port = 0;
    server_options.threads = 1;
    server_options.tls = std::move(tls);
    server_ = *server::Server::start(server_options, {*router_, *router_, metrics_});
  }

  RemoteBackend remote() const { return RemoteBackend(*parse_server(server_->url())); }
  uint16_t port() const { return server_->port(); }

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

// Asks a server whose answer never ends, stops it, and waits until the server knows.
void stop_an_answer(const ScriptedServer& server) {
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

chat::FakeOptions real_time() {
  chat::FakeOptions options;
  options.pace = chat::FakeOptions::Pace::RealTime;
  return options;
}

TEST(RemoteBackend, StopsAnAnswerAndFreesItOnTheServer) {
  const ScriptedServer server(chat::answers_with({.text = "It is", .hangs = true}), real_time());
  stop_an_answer(server);
}

class RemoteBackendOverTls : public testing::Test {
 protected:
  server::TlsFiles own_certificate() const {
    return *server::self_signed(models::user_tls_directory(), {"localhost", "127.0.0.1"});
  }

  const models::TemporaryDirectory temporary_;
  const models::EnvironmentVariable data_{"XDG_DATA_HOME", temporary_.path().string()};
};

TEST_F(RemoteBackendOverTls, TrustsWhatThisMachineMadeItself) {
  const ScriptedServer server(chat::answers("It is 42."), {}, own_certificate());
  for (const char* host : {"localhost", "127.0.0.1"}) {
    const std::string url = "https://" + std::string(host) + ":" + std::to_string(server.port());
    RemoteBackend remote(*parse_server(url));
    const auto stream = remote.start(question());
    const chat::Completion completion = chat::collect_blocking(*stream);
    ASSERT_FALSE(completion.error) << completion.error->message;
    EXPECT_EQ(completion.choices[0].text, "It is 42.");
  }
}

TEST_F(RemoteBackendOverTls, StopsAnAnswer) {
  const ScriptedServer server(chat::answers_with({.text = "It is", .hangs = true}), real_time(),
                              own_certificate());
  stop_an_answer(server);
}

TEST_F(RemoteBackendOverTls, SaysWhatToDoWithACertificateOfOthers) {
  const auto others = server::self_signed(temporary_.path() / "others", {"localhost", "127.0.0.1"});
  const ScriptedServer server(chat::answers("x"), {}, *others);
  const auto models = server.remote().models();
  ASSERT_FALSE(models);
  EXPECT_EQ(models.error().code, ErrorCode::Unavailable);
  EXPECT_THAT(models.error().message,
              testing::AllOf(HasSubstr("is not trusted"), HasSubstr("SSL_CERT_FILE")));
}

TEST_F(RemoteBackendOverTls, SaysThatACertificateIsForAnotherName) {
  const auto named = server::self_signed(models::user_tls_directory(), {"other.localhost"});
  const ScriptedServer server(chat::answers("x"), {}, *named);
  const auto models = server.remote().models();
  ASSERT_FALSE(models);
  EXPECT_THAT(models.error().message, HasSubstr("is for another name"));
}

// Serves what a request's Authorization says, in the place of a model's name.
TEST(RemoteBackend, SendsTheKeyOfTheEnvironment) {
  net::TestServer server([](const net::SeenRequest& request) {
    net::Reply reply;
    reply.body = R"({"data": [{"id": ")" + request.headers.at("authorization") + R"("}]})";
    return reply;
  });
  const models::EnvironmentVariable key("MELETE_API_KEY", "sk-1");
  const auto models = RemoteBackend(*parse_server(server.url(""))).models();
  ASSERT_TRUE(models) << models.error().message;
  EXPECT_THAT(*models, ElementsAre("Bearer sk-1"));
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
  EXPECT_EQ(full->port, 9000);
  EXPECT_EQ(full->target, "/base");
  EXPECT_EQ(parse_server("localhost")->port, 8080);
  EXPECT_EQ(parse_server("localhost")->target, "");
  EXPECT_EQ(parse_server("http://127.0.0.1:80/v1")->port, 80);
  EXPECT_EQ(parse_server("https://chat.example/v1")->port, 443);
  EXPECT_EQ(parse_server("https://chat.example:8443")->port, 8443);
  EXPECT_EQ(parse_server("http://[::1]")->port, 8080);
  EXPECT_EQ(parse_server("http://[::1]:81")->host, "::1");
}

TEST(ParseServer, RefusesOthers) {
  for (const char* wrong :
       {"", "http://", "a:b", "a:70000", "[::1", "a b", "a?x", "ftp://a", "me:secret@a"}) {
    EXPECT_FALSE(parse_server(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace melete::cli
