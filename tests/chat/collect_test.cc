// A stream read to its end is one value: texts and tokens by choice, agents left out, errors kept
// with what came before them.

#include "chat/collect.h"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <utility>
#include <vector>

namespace melete::chat {
namespace {

// A stream that says what it was given.
class ScriptedStream final : public Stream {
 public:
  explicit ScriptedStream(std::deque<Event> events) : events_(std::move(events)) {}

  awaitable<std::optional<Event>> next() override {
    if (events_.empty()) co_return std::nullopt;
    Event event = std::move(events_.front());
    events_.pop_front();
    co_return event;
  }

  Result<void> control(Control /*control*/) override {
    return fail(ErrorCode::Unsupported, "A script cannot be changed.");
  }

 private:
  std::deque<Event> events_;
};

Event event_of(Payload payload, int tokens = 0) {
  return {.tokens = tokens, .payload = std::move(payload)};
}

Event in_choice(int choice, Payload payload) {
  return {.choice = choice, .payload = std::move(payload)};
}

Completion collected(std::deque<Event> events) {
  ScriptedStream stream(std::move(events));
  return collect_blocking(stream);
}

TEST(Collect, JoinsReasoningAndTextAndCountsTheirTokens) {
  const Completion completion = collected({
      event_of(Started{.prompt_tokens = 9}),
      event_of(ReasoningDelta{"so "}, 1),
      event_of(ReasoningDelta{"six"}, 2),
      event_of(TextDelta{"It is ", {}}, 2),
      event_of(TextDelta{"6.", {}}, 2),
      event_of(Usage{.prompt_tokens = 9, .reasoning_tokens = 3, .answer_tokens = 4}),
      event_of(Finished{FinishReason::Stop}),
  });
  ASSERT_EQ(completion.choices.size(), 1U);
  const Choice& choice = completion.choices[0];
  EXPECT_EQ(choice.reasoning, "so six");
  EXPECT_EQ(choice.text, "It is 6.");
  EXPECT_EQ(choice.reasoning_tokens, 3);
  EXPECT_EQ(choice.answer_tokens, 4);
  EXPECT_TRUE(choice.finished);
  EXPECT_EQ(choice.finish_reason, FinishReason::Stop);
  EXPECT_EQ(completion.usage.prompt_tokens, 9);
  EXPECT_FALSE(completion.error.has_value());
}

TEST(Collect, KeepsChoicesApart) {
  const Completion completion = collected({
      in_choice(1, TextDelta{"b", {}}),
      in_choice(0, TextDelta{"a", {}}),
      in_choice(1, TextDelta{"B", {}}),
      in_choice(1, Finished{FinishReason::Length}),
      in_choice(0, Finished{FinishReason::Stopped}),
  });
  ASSERT_EQ(completion.choices.size(), 2U);
  EXPECT_EQ(completion.choices[0].text, "a");
  EXPECT_EQ(completion.choices[0].finish_reason, FinishReason::Stopped);
  EXPECT_EQ(completion.choices[1].text, "bB");
  EXPECT_EQ(completion.choices[1].finish_reason, FinishReason::Length);
}

TEST(Collect, LeavesOutWhatAgentsSay) {
  Event agent = event_of(TextDelta{"aside", {}}, 1);
  agent.agent = "2";
  const Completion completion = collected({agent, event_of(TextDelta{"answer", {}}, 1)});
  EXPECT_EQ(completion.choices[0].text, "answer");
  EXPECT_EQ(completion.choices[0].answer_tokens, 1);
}

TEST(Collect, KeepsWholeToolCallsAndCountsTheirPieces) {
  const Completion completion = collected({
      event_of(ToolCallDelta{.index = 0, .id = "c1", .name = "add", .arguments = "{"}, 3),
      event_of(ToolCallDelta{.index = 0, .arguments = "}"}, 1),
      event_of(ToolCall{.id = "c1", .name = "add", .arguments = "{}"}),
      event_of(Finished{FinishReason::ToolCalls}),
  });
  ASSERT_EQ(completion.choices[0].tool_calls.size(), 1U);
  EXPECT_EQ(completion.choices[0].tool_calls[0].name, "add");
  EXPECT_EQ(completion.choices[0].answer_tokens, 4);
}

TEST(Collect, KeepsLogprobsInOrder) {
  const Completion completion = collected({
      event_of(TextDelta{"a", {{.token = "a", .logprob = -0.1}}}),
      event_of(TextDelta{"b", {{.token = "b", .logprob = -0.2}}}),
  });
  ASSERT_EQ(completion.choices[0].logprobs.size(), 2U);
  EXPECT_EQ(completion.choices[0].logprobs[0].token, "a");
  EXPECT_EQ(completion.choices[0].logprobs[1].token, "b");
}

TEST(Collect, KeepsDecisions) {
  const Completion completion =
      collected({event_of(Decision{.strategy = "vote", .answer = "12", .votes = 4, .agents = 5})});
  ASSERT_EQ(completion.decisions.size(), 1U);
  EXPECT_EQ(completion.decisions[0].answer, "12");
}

TEST(Collect, KeepsWhatCameBeforeAnError) {
  const Completion completion = collected({
      event_of(TextDelta{"half", {}}),
      event_of(Failed{{ErrorCode::Unavailable, "The server went away.", ""}}),
  });
  ASSERT_TRUE(completion.error.has_value());
  EXPECT_EQ(completion.error->code, ErrorCode::Unavailable);
  EXPECT_EQ(completion.choices[0].text, "half");
  EXPECT_FALSE(completion.choices[0].finished);
}

TEST(Collect, GivesOneEmptyChoiceForAnEmptyStream) {
  const Completion completion = collected({});
  ASSERT_EQ(completion.choices.size(), 1U);
  EXPECT_EQ(completion.choices[0].text, "");
  EXPECT_FALSE(completion.choices[0].finished);
}

TEST(Collect, ShowsEachEventToTheWatcherFirst) {
  ScriptedStream stream({event_of(TextDelta{"a", {}}), event_of(TextDelta{"b", {}})});
  int seen = 0;
  collect_blocking(stream, [&seen](const Event& event) {
    seen += std::holds_alternative<TextDelta>(event.payload) ? 1 : 0;
  });
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace melete::chat
