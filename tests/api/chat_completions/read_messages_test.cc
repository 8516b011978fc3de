// Messages of every role and part.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "api/chat_completions/read_request.h"

namespace melete::api::chat_completions {
namespace {

std::vector<chat::Message> read(const std::string& messages) {
  const auto result = read_request(fmt::format(R"({{"messages": {}}})", messages));
  EXPECT_TRUE(result.has_value()) << (result ? "" : result.error().message);
  return result ? result->request.messages : std::vector<chat::Message>{};
}

TEST(ReadMessages, RolesInOrder) {
  const auto messages =
      read(R"([{"role": "system", "content": "a"}, {"role": "developer", "content": "b"},
      {"role": "user", "content": "c"}, {"role": "assistant", "content": "d"}])");
  ASSERT_EQ(messages.size(), 4u);
  EXPECT_EQ(messages[0].role, chat::Role::System);
  EXPECT_EQ(messages[1].role, chat::Role::Developer);
  EXPECT_EQ(messages[2].role, chat::Role::User);
  EXPECT_EQ(messages[3].role, chat::Role::Assistant);
  EXPECT_EQ(chat::text_of(messages[3]), "d");
}

TEST(ReadMessages, TextPictureAndSoundInOneMessage) {
  const auto messages = read(R"([{"role": "user", "content": [
      {"type": "text", "text": "What is this?"},
      {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw==", "detail": "low"}},
      {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}]}])");
  ASSERT_EQ(messages.size(), 1u);
  ASSERT_EQ(messages[0].parts.size(), 3u);
  const auto& image = std::get<chat::ImagePart>(messages[0].parts[1]);
  EXPECT_EQ(*image.bytes, "\x89PNG");
  EXPECT_EQ(image.label, "messages[0].content[1].image_url.url");
  const auto& audio = std::get<chat::AudioPart>(messages[0].parts[2]);
  EXPECT_EQ(*audio.bytes, "RIFF");
  EXPECT_EQ(audio.label, "messages[0].content[2].input_audio.data");
}

TEST(ReadMessages, AToolRoundTripKeepsCallAndResultTogether) {
  const auto messages = read(R"([{"role": "user", "content": "2+2?"},
      {"role": "assistant", "content": null, "reasoning_content": "I shall add.", "tool_calls": [
        {"id": "call_1", "type": "function", "function": {"name": "add", "arguments": "{\"a\":2}"}}]},
      {"role": "tool", "tool_call_id": "call_1", "content": [{"type": "text", "text": "4"}]}])");
  ASSERT_EQ(messages.size(), 3u);
  ASSERT_EQ(messages[1].parts.size(), 2u);
  EXPECT_EQ(std::get<chat::ReasoningPart>(messages[1].parts[0]).text, "I shall add.");
  const auto& call = std::get<chat::ToolCall>(messages[1].parts[1]);
  EXPECT_EQ(call.name, "add");
  EXPECT_EQ(call.arguments, R"({"a":2})");
  const auto& result = std::get<chat::ToolResult>(messages[2].parts[0]);
  EXPECT_EQ(result.call_id, "call_1");
  EXPECT_EQ(result.name, "add");
  EXPECT_EQ(result.text, "4");
}

TEST(ReadMessages, AnswersMaySendBackWhatClientsReceived) {
  const auto messages =
      read(R"([{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello",
      "refusal": null, "annotations": [], "audio": null, "function_call": null, "tool_calls": null}])");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(chat::text_of(messages[1]), "Hello");
}

TEST(ReadMessages, TextKeepsEveryCharacter) {
  const auto messages = read("[{\"role\": \"user\", \"content\": \"a\\u0000\\n\\ud83d\\ude00é\"}]");
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_EQ(chat::text_of(messages[0]), std::string("a\0\n\xF0\x9F\x98\x80\xC3\xA9", 9));
}

}  // namespace
}  // namespace melete::api::chat_completions
