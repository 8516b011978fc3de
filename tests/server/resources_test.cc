// Conversations, files and compactions by their routes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/stateful_server.h"

namespace melete::server {
namespace {

using testing::HasSubstr;

TEST(Resources, AConversationIsMadeFilledReadAndDeleted) {
  StatefulServer server;
  const std::string all = "/v1/conversations";
  const Json made = server.ask({"POST", all, R"({"metadata": {"topic": "sums"}})"}).json();
  EXPECT_EQ(made["object"], "conversation");
  const std::string one = all + "/" + made["id"].get<std::string>();
  const std::string item = R"({"items": [{"type": "message", "role": "user", "content": "Hi"}]})";
  const Json added = server.ask({"POST", one + "/items", item}).json();
  const std::string item_path = one + "/items/" + added["data"][0]["id"].get<std::string>();
  EXPECT_EQ(server.fetch(item_path).json()["role"], "user");
  EXPECT_EQ(server.fetch(one + "/items").json()["data"].size(), 1u);
  EXPECT_EQ(server.fetch(one, "another key").status, 404);
  EXPECT_EQ(server.ask({"DELETE", item_path}).status, 200);
  EXPECT_EQ(server.ask({"DELETE", one}).json()["deleted"], true);
  EXPECT_EQ(server.fetch(one).status, 404);
}

TEST(Resources, AFileComesBackAsItWasSent) {
  StatefulServer server;
  const std::string form =
      "--x\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n"
      "--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.html\"\r\n\r\n<b>\r\n"
      "--x--\r\n";
  HttpClient client(server.server().port());
  client.send(
      "POST /v1/files HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; "
      "boundary=x\r\ncontent-length: " +
      std::to_string(form.size()) + "\r\n\r\n" + form);
  const Json file = client.read_reply().json();
  EXPECT_EQ(file["filename"], "a.html");
  const HttpReply content = server.fetch("/v1/files/" + file["id"].get<std::string>() + "/content");
  EXPECT_EQ(content.body, "<b>");
  EXPECT_EQ(content.headers.at("content-type"), "application/octet-stream");
  EXPECT_EQ(server.fetch("/v1/files").json()["data"].size(), 1u);
}

TEST(Resources, ACompactionStandsForWhatWasSaid) {
  StatefulServer server(chat::in_turn(
      {chat::answers("One."), chat::answers("They count."), chat::answers("Three.")}));
  const std::string id = server.respond(R"("input": "Count.")").json()["id"];
  const HttpReply nameless =
      server.ask({"POST", "/v1/responses/compact", R"({"previous_response_id": ")" + id + R"("})"});
  EXPECT_EQ(nameless.status, 400);
  EXPECT_EQ(nameless.json()["error"]["param"], "model");
  const HttpReply compacted =
      server.ask({"POST", "/v1/responses/compact",
                  R"({"model": "tiny", "previous_response_id": ")" + id + R"("})"});
  const Json item = compacted.json()["output"][0];
  EXPECT_EQ(compacted.json()["object"], "response.compaction");
  EXPECT_THAT(item["encrypted_content"].get<std::string>(), testing::Not(HasSubstr("count")));
  const std::string input =
      R"("input": [)" + write_json(item) + R"(, {"role": "user", "content": "Go on."}])";
  EXPECT_EQ(server.respond(input).status, 200);
  const auto messages = server.server().backend->requests().back().messages;
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_THAT(chat::text_of(messages[0]), HasSubstr("They count."));
  EXPECT_EQ(server.respond(input, "another key").json()["error"]["param"],
            "input[0].encrypted_content");
}

TEST(Resources, WhatIsNoWholeSummaryTakesNoConversationsPlace) {
  StatefulServer server(chat::in_turn(
      {chat::answers(" \n"),
       chat::answers_with({.text = "They cou", .reason = chat::FinishReason::Deadline})}));
  const std::string body = R"({"model": "tiny", "input": "Count to three."})";
  for (const int status : {502, 504}) {
    const HttpReply reply = server.ask({"POST", "/v1/responses/compact", body});
    EXPECT_EQ(reply.status, status);
    EXPECT_FALSE(reply.json().contains("output"));
  }
}

TEST(Resources, ALongConversationIsCompactedWhenAsked) {
  StatefulServer server;
  const std::string above = R"("input": "one two three", "context_management":
      [{"type": "compaction", "compact_threshold": )";
  server.respond(above + "3}]");
  EXPECT_FALSE(server.server().backend->requests().back().compact);
  server.respond(above + "2}]");
  EXPECT_TRUE(server.server().backend->requests().back().compact);
}

}  // namespace
}  // namespace melete::server
