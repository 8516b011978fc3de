// Content blocks become messages and parts.

#include "api/messages/read_messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melete::api::messages {
namespace {

using chat::Role;

struct Outcome {
  std::vector<chat::Message> messages;
  FirstError error;
};

// Of a body without its braces.
Outcome read(const std::string& fields) {
  const Json json = Json::parse("{" + fields + "}");
  Outcome outcome;
  ObjectReader reader(json, "", outcome.error);
  outcome.messages = read_messages(reader);
  return outcome;
}

std::string blamed(const std::string& content) {
  const Outcome outcome = read(R"("messages": [{"role": "user", "content": [)" + content + "]}]");
  return outcome.error ? outcome.error->parameter : "none";
}

TEST(MessagesContent, TheSystemTextComesFirst) {
  const Outcome text =
      read(R"("system": "Be brief.", "messages": [{"role": "user", "content": "Hi"}])");
  ASSERT_EQ(text.messages.size(), 2u);
  EXPECT_EQ(text.messages[0].role, Role::System);
  EXPECT_EQ(chat::text_of(text.messages[0]), "Be brief.");
  const Outcome blocks = read(
      R"("system": [{"type": "text", "text": "Be "}, {"type": "text", "text": "brief.", "cache_control": {"type": "ephemeral"}}],
         "messages": [{"role": "user", "content": "Hi"}])");
  EXPECT_EQ(chat::text_of(blocks.messages[0]), "Be brief.");
}

TEST(MessagesContent, TurnsOfOneRoleBecomeOne) {
  const Outcome outcome = read(
      R"("messages": [{"role": "user", "content": "a"}, {"role": "user", "content": "b"}, {"role": "assistant", "content": "c"}])");
  ASSERT_EQ(outcome.messages.size(), 2u);
  EXPECT_EQ(chat::text_of(outcome.messages[0]), "ab");
}

TEST(MessagesContent, PicturesAndDocumentsAreTheUsers) {
  const Outcome outcome = read(
      R"("messages": [{"role": "user", "content": [
           {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}},
           {"type": "document", "title": "Notes", "source": {"type": "text", "media_type": "text/plain", "data": "one"}},
           {"type": "text", "text": "What?"}]}])");
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  ASSERT_EQ(outcome.messages[0].parts.size(), 3u);
  const auto& image = std::get<chat::ImagePart>(outcome.messages[0].parts[0]);
  EXPECT_EQ(*image.bytes, "hi");
  EXPECT_EQ(image.label, "messages[0].content[0].source.data");
  EXPECT_EQ(chat::text_of(outcome.messages[0]), "Notes\none\nWhat?");
}

TEST(MessagesContent, CallsAndTheirResultsComeApartFromWhatIsSaid) {
  const Outcome outcome = read(
      R"("messages": [{"role": "user", "content": "2 + 2?"},
         {"role": "assistant", "content": [
            {"type": "thinking", "thinking": "Add.", "signature": "x"},
            {"type": "redacted_thinking", "data": "zzz"},
            {"type": "text", "text": "Let me see."},
            {"type": "tool_use", "id": "t1", "name": "add", "input": {"a": 2, "b": 2}}]},
         {"role": "user", "content": [
            {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "4"}]},
            {"type": "text", "text": "So?"}]}])");
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  ASSERT_EQ(outcome.messages.size(), 4u);
  const chat::Message& assistant = outcome.messages[1];
  EXPECT_EQ(std::get<chat::ReasoningPart>(assistant.parts[0]).text, "Add.");
  EXPECT_EQ(std::get<chat::ToolCall>(assistant.parts[2]).arguments, R"({"a":2,"b":2})");
  EXPECT_EQ(outcome.messages[2].role, Role::Tool);
  const auto& result = std::get<chat::ToolResult>(outcome.messages[2].parts[0]);
  EXPECT_EQ(result.name, "add");
  EXPECT_EQ(result.text, "4");
  EXPECT_EQ(outcome.messages[3].role, Role::User);
  EXPECT_EQ(chat::text_of(outcome.messages[3]), "So?");
}

TEST(MessagesContent, ResultsMayComeInSeveralTurnsOfTheUser) {
  const std::string calls = R"("messages": [{"role": "assistant", "content": [
      {"type": "tool_use", "id": "a", "name": "add", "input": {}},
      {"type": "tool_use", "id": "b", "name": "add", "input": {}}]},
      {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": "4"}]},)";
  const std::string result =
      R"({"role": "user", "content": [{"type": "tool_result", "tool_use_id": "b", "content": "5"}]}])";
  const Outcome outcome = read(calls + result);
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  ASSERT_EQ(outcome.messages.size(), 2u);
  EXPECT_EQ(outcome.messages[1].parts.size(), 2u);
  const Outcome late = read(calls + R"({"role": "assistant", "content": "Well."},)" + result);
  EXPECT_EQ(late.error->parameter, "messages[3].content[0].tool_use_id");
}

TEST(MessagesContent, AFailedToolSaysSo) {
  const Outcome outcome = read(
      R"("messages": [{"role": "assistant", "content": [{"type": "tool_use", "id": "t1", "name": "add", "input": {}}]},
         {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "is_error": true, "content": "no disk"}]}])");
  ASSERT_FALSE(outcome.error) << outcome.error->message;
  EXPECT_EQ(std::get<chat::ToolResult>(outcome.messages[1].parts[0]).text, "Error: no disk");
}

TEST(MessagesContent, IsRefusedByTheBlockToBlame) {
  EXPECT_EQ(blamed(R"({"type": "tool_result", "tool_use_id": "t9", "content": "4"})"),
            "messages[0].content[0].tool_use_id");
  EXPECT_EQ(blamed(R"({"type": "image", "source": {"type": "url", "url": "x"}})"),
            "messages[0].content[0].source.type");
  EXPECT_EQ(
      blamed(
          R"({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "*"}})"),
      "messages[0].content[0].source.data");
  EXPECT_EQ(
      blamed(
          R"({"type": "image", "source": {"type": "base64", "media_type": "image/tiff", "data": "aGk="}})"),
      "messages[0].content[0].source.media_type");
  EXPECT_EQ(blamed(R"({"type": "document", "source": {"type": "base64", "data": "x"}})"),
            "messages[0].content[0].source.type");
  EXPECT_EQ(blamed(R"({"type": "thinking", "thinking": "hm"})"), "messages[0].content[0].type");
  EXPECT_EQ(blamed(R"({"type": "search_result"})"), "messages[0].content[0].type");
  EXPECT_EQ(blamed(R"({"text": "no type"})"), "messages[0].content[0].type");
  EXPECT_EQ(blamed(R"(7)"), "messages[0].content[0]");
  const Outcome role = read(R"("messages": [{"role": "system", "content": "x"}])");
  EXPECT_EQ(role.error->parameter, "messages[0].role");
  EXPECT_EQ(read(R"("messages": [])").error->parameter, "messages");
  EXPECT_EQ(read(R"("system": "x")").error->parameter, "messages");
}

}  // namespace
}  // namespace melete::api::messages
