// Events become Anthropic's, block after block; a whole answer has the same blocks.

#include "api/messages/write_events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace melete::api::messages {
namespace {

using chat::FinishReason;
using testing::ElementsAre;

struct Frame {
  std::string type;
  Json data;
};

std::vector<Frame> frames_of(const std::string& text) {
  std::vector<Frame> frames;
  size_t at = 0;
  while (at < text.size()) {
    const size_t line = text.find('\n', at);
    const size_t end = text.find("\n\n", at);
    EXPECT_EQ(text.substr(at, 7), "event: ");
    const std::string type = text.substr(at + 7, line - at - 7);
    EXPECT_EQ(text.substr(line + 1, 6), "data: ");
    const Json data = Json::parse(text.substr(line + 7, end - line - 7));
    EXPECT_EQ(data["type"], type) << "the data repeats the event's name";
    frames.push_back({type, data});
    at = end + 2;
  }
  return frames;
}

std::vector<Frame> written(const std::vector<chat::Payload>& payloads, bool events = false) {
  EventWriter writer({"msg_1", "tiny"}, events);
  std::string text;
  for (const chat::Payload& payload : payloads)
    text += writer.write({.tokens = 1, .payload = payload});
  return frames_of(text + writer.end());
}

std::vector<std::string> types_of(const std::vector<Frame>& frames) {
  std::vector<std::string> types;
  for (const Frame& frame : frames) types.push_back(frame.type);
  return types;
}

TEST(MessagesEvents, ComeBlockAfterBlock) {
  const auto frames = written({chat::Started{12, 4}, chat::ReasoningDelta{"Hm."},
                               chat::TextDelta{"Hel", {}}, chat::TextDelta{"lo", {}},
                               chat::Usage{12, 4, 1, 2}, chat::Finished{FinishReason::Stop}});
  EXPECT_THAT(types_of(frames),
              ElementsAre("message_start", "content_block_start", "content_block_delta",
                          "content_block_delta", "content_block_stop", "content_block_start",
                          "content_block_delta", "content_block_delta", "content_block_stop",
                          "message_delta", "message_stop"));
  EXPECT_EQ(frames[0].data["message"]["id"], "msg_1");
  EXPECT_EQ(frames[0].data["message"]["usage"]["input_tokens"], 8);
  EXPECT_EQ(frames[0].data["message"]["usage"]["cache_read_input_tokens"], 4);
  EXPECT_EQ(frames[1].data["content_block"]["type"], "thinking");
  EXPECT_EQ(frames[2].data["delta"]["thinking"], "Hm.");
  EXPECT_EQ(frames[3].data["delta"]["type"], "signature_delta");
  EXPECT_EQ(frames[5].data["index"], 1);
  EXPECT_EQ(frames[5].data["content_block"], (Json{{"type", "text"}, {"text", ""}}))
      << "clients take citations as an array or not at all";
  EXPECT_EQ(frames[6].data["delta"], (Json{{"type", "text_delta"}, {"text", "Hel"}}));
  EXPECT_EQ(frames[9].data["delta"]["stop_reason"], "end_turn");
  EXPECT_EQ(frames[9].data["usage"]["output_tokens"], 3);
}

TEST(MessagesEvents, ToolCallsGrowOrComeWhole) {
  const auto pieces =
      written({chat::Started{}, chat::ToolCallDelta{0, "t1", "add", ""},
               chat::ToolCallDelta{0, "", "", R"({"a":)"}, chat::ToolCallDelta{0, "", "", "1}"},
               chat::ToolCall{"t1", "add", R"({"a":1})"}, chat::ToolCall{"t2", "sub", "{}"},
               chat::Finished{FinishReason::ToolCalls}});
  EXPECT_THAT(
      types_of(pieces),
      ElementsAre("message_start", "content_block_start", "content_block_delta",
                  "content_block_delta", "content_block_stop", "content_block_start",
                  "content_block_delta", "content_block_stop", "message_delta", "message_stop"));
  EXPECT_EQ(pieces[1].data["content_block"]["name"], "add");
  EXPECT_EQ(pieces[2].data["delta"]["partial_json"], R"({"a":)");
  EXPECT_EQ(pieces[5].data["content_block"]["id"], "t2");
  EXPECT_EQ(pieces[6].data["delta"]["partial_json"], "{}");
  EXPECT_EQ(pieces[8].data["delta"]["stop_reason"], "tool_use");
}

TEST(MessagesEvents, TellWhyTheAnswerEnded) {
  const auto reason = [](chat::Finished finished) {
    return written({chat::Started{}, std::move(finished)}).at(1).data["delta"];
  };
  EXPECT_EQ(reason({FinishReason::Length})["stop_reason"], "max_tokens");
  EXPECT_EQ(reason({FinishReason::Filtered})["stop_reason"], "refusal");
  const Json stopped = reason({FinishReason::Stop, "END"});
  EXPECT_EQ(stopped["stop_reason"], "stop_sequence");
  EXPECT_EQ(stopped["stop_sequence"], "END");
}

TEST(MessagesEvents, AnErrorEndsTheStream) {
  const auto frames = written({chat::Started{}, chat::Failed{{ErrorCode::Overloaded, "too many"}}});
  EXPECT_THAT(types_of(frames), ElementsAre("message_start", "error"));
  EXPECT_EQ(frames[1].data["error"]["type"], "overloaded_error");
}

TEST(MessagesEvents, TellOfAgentsWhenAsked) {
  const chat::Vote vote{.answer = "12", .votes = 2, .agents_left = 1};
  EXPECT_THAT(types_of(written({chat::Started{}, vote, chat::Finished{}}, true)),
              ElementsAre("message_start", "melete.vote", "message_delta", "message_stop"));
  EXPECT_THAT(types_of(written({chat::Started{}, vote, chat::Finished{}})),
              ElementsAre("message_start", "message_delta", "message_stop"));
}

TEST(MessagesResponse, HasTheSameBlocks) {
  chat::Completion completion;
  completion.choices.push_back({.reasoning = "Hm.",
                                .text = "Hello",
                                .tool_calls = {{"t1", "add", R"({"a":1})"}, {"t2", "odd", "[1"}},
                                .finish_reason = FinishReason::ToolCalls});
  completion.usage = {
      .prompt_tokens = 12, .cached_tokens = 4, .reasoning_tokens = 1, .answer_tokens = 2};
  const Json message = Json::parse(write_response({"msg_1", "tiny"}, completion));
  EXPECT_EQ(message["type"], "message");
  EXPECT_EQ(message["role"], "assistant");
  EXPECT_EQ(message["stop_reason"], "tool_use");
  ASSERT_EQ(message["content"].size(), 4u);
  EXPECT_EQ(message["content"][0]["thinking"], "Hm.");
  EXPECT_EQ(message["content"][1]["text"], "Hello");
  EXPECT_EQ(message["content"][2]["input"]["a"], 1);
  EXPECT_EQ(message["content"][3]["input"]["arguments"], "[1")
      << "nothing is lost where it is no JSON";
  EXPECT_EQ(message["usage"]["input_tokens"], 8);
  EXPECT_EQ(message["usage"]["output_tokens"], 3);
}

}  // namespace
}  // namespace melete::api::messages
