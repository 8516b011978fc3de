// Adapters over HTTP: models of their own for whoever lists, asks or misspells them.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "server/dialects.h"
#include "server/test_server.h"

namespace melete::server {
namespace {

using testing::AllOf;
using testing::HasSubstr;

TEST(Adapters, AreModelsThatNameTheirParent) {
  const TestServer server(chat::answers("Hi"), {}, {.adapters = {"poet", "sql"}});
  const Json list = server.fetch("/v1/models").json();
  std::map<std::string, Json> listed;
  for (const Json& model : list["data"]) listed[model["id"].get<std::string>()] = model;
  EXPECT_EQ(listed.size(), 12u) << "three names, each alone and with three modes";
  EXPECT_FALSE(listed.at("tiny").contains("parent"));
  EXPECT_EQ(listed.at("tiny:poet")["parent"], "tiny");
  EXPECT_EQ(listed.at("tiny:sql:thinking")["parent"], "tiny");
  EXPECT_EQ(listed.at("tiny:sql:thinking")["melete"]["model"], "tiny:sql");
  EXPECT_EQ(server.fetch("/v1/models/tiny%3Apoet").json()["parent"], "tiny");
}

TEST(Adapters, AreAskedByNameInEveryDialect) {
  for (const char* path : {kChat, kResponses, kMessages}) {
    const TestServer server(chat::answers("Hi"), {}, {.adapters = {"poet"}});
    Json body = Json::parse(question(path));
    body["model"] = "tiny:poet:instant";
    const HttpReply reply = ask(server.port(), path, body.dump());
    ASSERT_EQ(reply.status, 200) << path << reply.body;
    EXPECT_EQ(said_in(reply.json()), "Hi") << path;
    EXPECT_EQ(reply.json()["model"], "tiny:poet:instant") << path;
    ASSERT_EQ(server.backend->requests().size(), 1u) << path;
    EXPECT_EQ(server.backend->requests()[0].model, "tiny") << path;
    EXPECT_EQ(server.backend->requests()[0].adapter, "poet") << path;
    ask(server.port(), path, question(path));
    EXPECT_EQ(server.backend->requests()[1].adapter, "") << path;
  }
}

TEST(Adapters, ThatAreNotServedAreModelsThatAreNot) {
  const TestServer server(chat::answers("Hi"), {}, {.adapters = {"poet"}});
  for (const char* path : {kChat, kResponses, kMessages}) {
    Json body = Json::parse(question(path));
    body["model"] = "tiny:poem";
    const HttpReply reply = ask(server.port(), path, body.dump());
    EXPECT_EQ(reply.status, 404) << path;
    EXPECT_THAT(reply.body, AllOf(HasSubstr("tiny:poem"), HasSubstr("tiny, tiny:poet"))) << path;
  }
}

}  // namespace
}  // namespace melete::server
