// Events become chunks in OpenAI's order.

#include "api/chat_completions/write_chunks.h"

#include <gtest/gtest.h>

namespace melete::api::chat_completions {
namespace {

using chat::Event;

// The JSON objects of all frames; the end mark is a JSON string.
std::vector<Json> objects_of(const std::string& frames) {
  std::vector<Json> objects;
  size_t at = 0;
  while (at < frames.size()) {
    const size_t end = frames.find("\n\n", at);
    EXPECT_NE(end, std::string::npos);
    EXPECT_EQ(frames.substr(at, 6), "data: ");
    const std::string data = frames.substr(at + 6, end - at - 6);
    objects.push_back(data == "[DONE]" ? Json("[DONE]") : Json::parse(data));
    at = end + 2;
  }
  return objects;
}

std::vector<Json> written(const std::vector<Event>& events, ChunkOptions options = {}) {
  ChunkWriter writer({"chatcmpl-1", 1700000000, "tiny"}, options);
  std::string frames;
  for (const Event& event : events) frames += writer.write(event);
  return objects_of(frames + writer.end());
}

Event of(chat::Payload payload, int choice = 0) {
  return {.choice = choice, .tokens = 1, .payload = std::move(payload)};
}

const std::vector<Event> kPlain{of(chat::Started{12, 4}), of(chat::ReasoningDelta{"Hm."}),
                                of(chat::TextDelta{"Hello", {}}), of(chat::Usage{12, 4, 1, 2}),
                                of(chat::Finished{chat::FinishReason::Stop})};

TEST(WriteChunks, RoleThenDeltasThenFinishThenDone) {
  const auto chunks = written(kPlain);
  ASSERT_EQ(chunks.size(), 5u);
  EXPECT_EQ(chunks[0]["id"], "chatcmpl-1");
  EXPECT_EQ(chunks[0]["object"], "chat.completion.chunk");
  EXPECT_EQ(chunks[0]["model"], "tiny");
  EXPECT_EQ(chunks[0]["choices"][0]["delta"]["role"], "assistant");
  EXPECT_EQ(chunks[0]["choices"][0]["delta"]["content"], "");
  EXPECT_EQ(chunks[1]["choices"][0]["delta"]["reasoning_content"], "Hm.");
  EXPECT_FALSE(chunks[1]["choices"][0]["delta"].contains("content"));
  EXPECT_EQ(chunks[2]["choices"][0]["delta"]["content"], "Hello");
  EXPECT_TRUE(chunks[2]["choices"][0]["finish_reason"].is_null());
  EXPECT_TRUE(chunks[3]["choices"][0]["delta"].empty());
  EXPECT_EQ(chunks[3]["choices"][0]["finish_reason"], "stop");
  EXPECT_FALSE(chunks[3].contains("usage"));
  EXPECT_EQ(chunks[4], "[DONE]");
}

TEST(WriteChunks, UsageComesInAChunkOfItsOwnWhenAskedFor) {
  const auto chunks = written(kPlain, {.include_usage = true});
  ASSERT_EQ(chunks.size(), 6u);
  for (size_t index = 0; index < 4; ++index) EXPECT_TRUE(chunks[index]["usage"].is_null());
  EXPECT_TRUE(chunks[4]["choices"].empty());
  EXPECT_EQ(chunks[4]["usage"]["prompt_tokens"], 12);
  EXPECT_EQ(chunks[4]["usage"]["completion_tokens"], 3);
  EXPECT_EQ(chunks[4]["usage"]["total_tokens"], 15);
  EXPECT_EQ(chunks[4]["usage"]["prompt_tokens_details"]["cached_tokens"], 4);
  EXPECT_EQ(chunks[4]["usage"]["completion_tokens_details"]["reasoning_tokens"], 1);
  EXPECT_EQ(chunks[5], "[DONE]");
}

TEST(WriteChunks, EveryChoiceHasItsOwnRoleAndEnd) {
  const auto chunks =
      written({of(chat::Started{}, 0), of(chat::Started{}, 1), of(chat::TextDelta{"a", {}}, 1),
               of(chat::TextDelta{"b", {}}, 0), of(chat::Finished{chat::FinishReason::Length}, 1),
               of(chat::Finished{chat::FinishReason::Stop}, 0)});
  ASSERT_EQ(chunks.size(), 7u);
  EXPECT_EQ(chunks[1]["choices"][0]["index"], 1);
  EXPECT_EQ(chunks[1]["choices"][0]["delta"]["role"], "assistant");
  EXPECT_EQ(chunks[2]["choices"][0]["index"], 1);
  EXPECT_EQ(chunks[4]["choices"][0]["finish_reason"], "length");
  EXPECT_EQ(chunks[5]["choices"][0]["finish_reason"], "stop");
}

TEST(WriteChunks, AToolCallInPiecesIsNotToldTwice) {
  const auto chunks = written({of(chat::Started{}), of(chat::ToolCallDelta{0, "call_1", "add", ""}),
                               of(chat::ToolCallDelta{0, "", "", "{\"a\":1}"}),
                               of(chat::ToolCall{"call_1", "add", "{\"a\":1}"}),
                               of(chat::Finished{chat::FinishReason::ToolCalls})});
  ASSERT_EQ(chunks.size(), 5u);
  const Json& first = chunks[1]["choices"][0]["delta"]["tool_calls"][0];
  EXPECT_EQ(first["index"], 0);
  EXPECT_EQ(first["id"], "call_1");
  EXPECT_EQ(first["type"], "function");
  EXPECT_EQ(first["function"]["name"], "add");
  const Json& second = chunks[2]["choices"][0]["delta"]["tool_calls"][0];
  EXPECT_FALSE(second.contains("id"));
  EXPECT_EQ(second["function"]["arguments"], "{\"a\":1}");
  EXPECT_EQ(chunks[3]["choices"][0]["finish_reason"], "tool_calls");
}

TEST(WriteChunks, AWholeToolCallIsOneDelta) {
  const auto chunks = written({of(chat::Started{}), of(chat::ToolCall{"call_1", "add", "{}"}),
                               of(chat::ToolCall{"call_2", "now", "{}"}),
                               of(chat::Finished{chat::FinishReason::ToolCalls})});
  ASSERT_EQ(chunks.size(), 5u);
  EXPECT_EQ(chunks[1]["choices"][0]["delta"]["tool_calls"][0]["id"], "call_1");
  EXPECT_EQ(chunks[2]["choices"][0]["delta"]["tool_calls"][0]["index"], 1);
}

TEST(WriteChunks, LogprobsGoWithTheirText) {
  const auto chunks =
      written({of(chat::TextDelta{"Hi", {{"Hi", -0.5, {{"Hi", -0.5}, {"Yo", -1.5}}}}})});
  const Json& entry = chunks[1]["choices"][0]["logprobs"]["content"][0];
  EXPECT_EQ(entry["token"], "Hi");
  EXPECT_EQ(entry["logprob"], -0.5);
  EXPECT_EQ(entry["bytes"], Json::array({72, 105}));
  EXPECT_EQ(entry["top_logprobs"][1]["token"], "Yo");
}

TEST(WriteChunks, AFailureIsToldAndNoUsageFollows) {
  const auto chunks =
      written({of(chat::Started{}), of(chat::Failed{{ErrorCode::Unavailable, "Gone."}})},
              {.include_usage = true});
  ASSERT_EQ(chunks.size(), 3u);
  EXPECT_EQ(chunks[1]["error"]["message"], "Gone.");
  EXPECT_EQ(chunks[1]["error"]["type"], "server_error");
  EXPECT_EQ(chunks[2], "[DONE]");
}

TEST(WriteChunks, AnAnswerEndedFromOutsideIsIncompleteAndSaysWhy) {
  const auto chunks = written({of(chat::Finished{chat::FinishReason::Stopped})});
  EXPECT_EQ(chunks[1]["choices"][0]["finish_reason"], "length");
  EXPECT_EQ(chunks[1]["choices"][0]["melete"]["finish_reason"],
            std::string(chat::name_of(chat::FinishReason::Stopped)));
}

Event of_agent(chat::AgentProgress progress) {
  Event event = of(std::move(progress));
  event.agent = "3";
  return event;
}

TEST(WriteChunks, EachMomentOfAnAgentHasItsType) {
  using enum chat::AgentProgress::State;
  const auto told =
      written({of_agent({.state = Started}), of_agent({.state = Reasoning, .tokens = 32}),
               of_agent({.state = Answering, .tokens = 64}),
               of_agent({.state = Answered, .tokens = 70, .text = "Free text."}),
               of_agent({.state = Ended, .tokens = 70, .detail = "finished"})},
              {.events = true});
  ASSERT_EQ(told.size(), 6u);
  EXPECT_EQ(told[0]["type"], "melete.agent.started");
  EXPECT_EQ(told[1]["type"], "melete.agent.progress");
  EXPECT_EQ(told[1]["phase"], "reasoning");
  EXPECT_EQ(told[1]["tokens"], 32);
  EXPECT_EQ(told[2]["phase"], "answering");
  EXPECT_EQ(told[3]["type"], "melete.agent.answer");
  EXPECT_TRUE(told[3]["answer"].is_null()) << "free text has no short form";
  EXPECT_EQ(told[3]["text"], "Free text.");
  EXPECT_EQ(told[4]["type"], "melete.agent.ended");
  EXPECT_EQ(told[4]["why"], "finished");
}

TEST(WriteChunks, TheLastChunkOfAChoiceReportsOnTheAgents) {
  const chat::Report report{.strategy = "vote", .stop = "decided", .asked = 4, .ran = 3};
  const auto chunks = written({of(chat::TextDelta{"42", {}}), of(report), of(chat::Usage{}),
                               of(chat::Finished{chat::FinishReason::Stop})});
  EXPECT_FALSE(chunks[1].contains("melete"));
  EXPECT_EQ(chunks[2]["choices"][0]["finish_reason"], "stop");
  EXPECT_EQ(chunks[2]["melete"]["stop"], "decided");
  EXPECT_EQ(chunks[2]["melete"]["agents_ran"], 3);
}

TEST(WriteChunks, AgentsAreToldOnlyToThoseWhoAsk) {
  const Event progress =
      of_agent({.state = chat::AgentProgress::State::Answered, .tokens = 20, .detail = "42"});
  Event inner = of(chat::TextDelta{"agent text", {}});
  inner.agent = "3";
  const std::vector<Event> events{progress, inner, of(chat::Vote{"42", 2, 1}),
                                  of(chat::Decision{"vote", "42", 2, 3, "majority"})};
  EXPECT_EQ(written(events).size(), 1u);

  const auto told = written(events, {.events = true});
  ASSERT_EQ(told.size(), 4u);
  EXPECT_EQ(told[0]["type"], "melete.agent.answer");
  EXPECT_EQ(told[0]["agent"], "3");
  EXPECT_EQ(told[0]["answer"], "42");
  EXPECT_TRUE(told[0]["choices"].empty());
  EXPECT_EQ(told[1]["type"], "melete.vote");
  EXPECT_EQ(told[2]["type"], "melete.decision");
  EXPECT_EQ(told[2]["strategy"], "vote");
}

}  // namespace
}  // namespace melete::api::chat_completions
