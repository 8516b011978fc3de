// A Responses request becomes ours; what cannot be honoured is refused with its field.

#include "api/responses/read_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melete::api::responses {
namespace {

using chat::Role;
using testing::ElementsAre;

// A request with `more` beside a question.
Result<ReadResponsesRequest> read(const std::string& more) {
  const std::string comma = more.empty() ? "" : ", ";
  return read_request(R"({"model": "tiny", "input": "Hi")" + comma + more + "}");
}

Result<ReadResponsesRequest> read_items(const std::string& items) {
  return read_request(R"({"input": [)" + items + "]}");
}

// The field to blame; "none" where all is well.
std::string blamed(const Result<ReadResponsesRequest>& request) {
  return request ? "none" : request.error().parameter;
}

TEST(ResponsesRequest, IsReadWithItsDefaults) {
  const auto request = read("");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(chat::text_of(request->read.request.messages.at(0)), "Hi");
  EXPECT_EQ(request->settings["tool_choice"], "auto");
  EXPECT_EQ(request->settings["text"]["format"]["type"], "text");
  EXPECT_EQ(request->settings["store"], false);
  EXPECT_TRUE(request->settings["previous_response_id"].is_null());
}

TEST(ResponsesRequest, SaysBackWhatItWasAsked) {
  const auto request = read(
      R"("temperature": 0.5, "instructions": "Be brief.", "metadata": {"a": "b"}, "max_output_tokens": 50,
         "reasoning": {"effort": "low"}, "tools": [{"type": "function", "name": "add"}], "seed": 3, "stop": "END")");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->read.request.messages[0].role, Role::System);
  EXPECT_EQ(request->read.request.sampling.temperature, 0.5);
  EXPECT_THAT(request->read.request.sampling.stop, ElementsAre("END"));
  EXPECT_EQ(request->read.request.effort, chat::Effort::Low);
  EXPECT_EQ(request->read.wish.output_tokens, 50);
  EXPECT_EQ(request->settings["temperature"], 0.5);
  EXPECT_EQ(request->settings["reasoning"], (Json{{"effort", "low"}, {"summary", nullptr}}));
  EXPECT_EQ(request->settings["metadata"]["a"], "b");
  EXPECT_EQ(request->settings["tools"][0]["strict"], true);
}

TEST(ResponsesRequest, TheAssistantsItemsBecomeOneMessage) {
  const auto request = read_items(
      R"({"role": "user", "content": [{"type": "input_text", "text": "2 + 2?"}]},
         {"type": "reasoning", "id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": "Add."}]},
         {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant", "content": [{"type": "output_text", "text": "Let me see.", "annotations": []}]},
         {"type": "function_call", "call_id": "c1", "name": "add", "arguments": "{\"a\":2}"},
         {"type": "function_call_output", "call_id": "c1", "output": "4"},
         {"role": "user", "content": "So?"})");
  ASSERT_TRUE(request) << request.error().message;
  const auto& messages = request->read.request.messages;
  ASSERT_EQ(messages.size(), 4u);
  ASSERT_EQ(messages[1].parts.size(), 3u);
  EXPECT_EQ(std::get<chat::ReasoningPart>(messages[1].parts[0]).text, "Add.");
  EXPECT_EQ(std::get<chat::ToolCall>(messages[1].parts[2]).arguments, R"({"a":2})");
  EXPECT_EQ(messages[2].role, Role::Tool);
  EXPECT_EQ(std::get<chat::ToolResult>(messages[2].parts[0]).name, "add");
  EXPECT_EQ(chat::text_of(messages[3]), "So?");
}

TEST(ResponsesRequest, PicturesAndSoundAreTheUsers) {
  const auto request = read_items(
      R"({"role": "user", "content": [{"type": "input_image", "image_url": "data:image/png;base64,aGk="},
          {"type": "input_audio", "input_audio": {"data": "aGk=", "format": "wav"}}]})");
  ASSERT_TRUE(request) << request.error().message;
  const auto& parts = request->read.request.messages[0].parts;
  EXPECT_EQ(*std::get<chat::ImagePart>(parts[0]).bytes, "hi");
  EXPECT_EQ(*std::get<chat::AudioPart>(parts[1]).bytes, "hi");
}

TEST(ResponsesRequest, OnlyTheAllowedToolsAreOffered) {
  const auto request = read(
      R"("tools": [{"type": "function", "name": "add"}, {"type": "function", "name": "sub"}],
         "tool_choice": {"type": "allowed_tools", "mode": "required", "tools": [{"type": "function", "name": "sub"}]})");
  ASSERT_TRUE(request) << request.error().message;
  ASSERT_EQ(request->read.request.tools.size(), 1u);
  EXPECT_EQ(request->read.request.tools[0].name, "sub");
  EXPECT_EQ(request->read.request.tool_choice.kind, chat::ToolChoice::Kind::Required);
  EXPECT_EQ(request->settings["tools"].size(), 2u);
}

TEST(ResponsesRequest, KeepsASchema) {
  const auto request = read(
      R"("text": {"format": {"type": "json_schema", "name": "sum", "schema": {"type": "object"}, "strict": false}})");
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->read.request.schema->name, "sum");
  EXPECT_FALSE(request->read.request.schema->strict);
}

TEST(ResponsesRequest, BringsLogprobsWhenAsked) {
  EXPECT_EQ(
      read(R"("include": ["message.output_text.logprobs"])")->read.request.sampling.top_logprobs,
      0);
  EXPECT_EQ(read(R"("top_logprobs": 3)")->read.request.sampling.top_logprobs, 3);
  EXPECT_FALSE(read(R"("top_logprobs": 0)")->read.request.sampling.top_logprobs);
}

TEST(ResponsesRequest, IsRefusedByTheFieldToBlame) {
  const std::pair<std::string, std::string> cases[] = {
      {R"("previous_response_id": "resp_1")", "previous_response_id"},
      {R"("conversation": "conv_1")", "conversation"},
      {R"("store": true)", "store"},
      {R"("background": true)", "background"},
      {R"("truncation": "sometimes")", "truncation"},
      {R"("include": ["reasoning.encrypted_content"])", "include"},
      {R"("tools": [{"type": "web_search"}])", "tools[0].type"},
      {R"("tool_choice": "required")", "tool_choice"},
      {R"("tool_choice": {"type": "function", "name": "add"})", "tool_choice.name"},
      {R"("text": {"verbosity": "high"})", "text.verbosity"},
      {R"("reasoning": {"effort": "huge"})", "reasoning.effort"},
      {R"("top_logprobs": 21)", "top_logprobs"},
      {R"("max_output_tokens": 0)", "max_output_tokens"},
      {R"("stop": [""])", "stop[0]"},
      {R"("temprature": 1)", "temprature"},
      {R"("melete": {"mode": "quick"})", "melete.mode"},
  };
  for (const auto& [field, parameter] : cases) EXPECT_EQ(blamed(read(field)), parameter) << field;
  EXPECT_EQ(blamed(read_request("{}")), "input");
  EXPECT_EQ(blamed(read_items("")), "input");
  EXPECT_EQ(blamed(read_items("7")), "input[0]");
  EXPECT_EQ(blamed(read_items(R"({"type": "item_reference", "id": "x"})")), "input[0].type");
  EXPECT_EQ(
      blamed(read_items(R"({"type": "function_call_output", "call_id": "c9", "output": "4"})")),
      "input[0].call_id");
  EXPECT_EQ(
      blamed(read_items(
          R"({"role": "user", "content": [{"type": "input_image", "image_url": "http://x"}]})")),
      "input[0].content[0].image_url");
  EXPECT_EQ(blamed(read_items(R"({"role": "user", "content": [{"type": "input_file"}]})")),
            "input[0].content[0].type");
}

TEST(ResponsesRequest, MetadataIsSixteenShortTexts) {
  std::string pairs;
  for (int i = 0; i < 17; ++i) pairs += (i > 0 ? ",\"" : "\"") + std::to_string(i) + "\":\"x\"";
  EXPECT_EQ(blamed(read("\"metadata\": {" + pairs + "}")), "metadata");
  EXPECT_EQ(blamed(read(R"("metadata": {"k": 3})")), "metadata.k");
  EXPECT_EQ(blamed(read(R"("metadata": {"k": ")" + std::string(513, 'x') + "\"}")), "metadata.k");
  EXPECT_EQ(blamed(read(R"("metadata": {"k": "v"})")), "none");
}

TEST(ResponsesRequest, AFieldThatMayWaitIsSeenHoweverItIsSpelled) {
  EXPECT_TRUE(may_wait(R"({"previous_response_id": "r"})"));
  EXPECT_TRUE(may_wait(R"({"previous_response\u005fid": "r"})"));
  EXPECT_FALSE(may_wait(R"({"input": "Hi"})"));
}

}  // namespace
}  // namespace melete::api::responses
