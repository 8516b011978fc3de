// A long conversation is summarised first; the answer sees the summary and the last question.

#include "modes/compaction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/fake_backend.h"
#include "modes/mode_backend.h"

namespace melete::modes {
namespace {

using namespace std::chrono_literals;
using chat::Role;
using testing::HasSubstr;
using testing::StartsWith;

chat::Request conversation() {
  chat::Request request;
  request.compact = true;
  request.messages = {
      chat::text_message(Role::System, "Be brief."), chat::text_message(Role::User, "2 + 2?"),
      chat::text_message(Role::Assistant, "4."), chat::text_message(Role::User, "And 3 more?")};
  return request;
}

class CompactionTest : public testing::Test {
 protected:
  chat::FakeBackend summarises_then(chat::FakeScript answer) {
    return {{.clock = &clock},
            chat::in_turn({chat::answers("They add numbers."), std::move(answer)})};
  }

  chat::VirtualClock clock;
};

TEST_F(CompactionTest, TheAnswerSeesTheSummaryAndTheLastQuestion) {
  chat::FakeBackend backend = summarises_then(chat::answers("7."));
  ModeBackend modes(backend, {.timer = &clock});
  const auto stream = modes.start(conversation());
  std::string noted;
  const auto completion = clock.collect(*stream, [&](const chat::Event& event) {
    const auto* note = std::get_if<chat::Annotation>(&event.payload);
    if (note) noted = note->kind + ": " + note->text;
  });
  EXPECT_EQ(noted, "compaction: They add numbers.");
  EXPECT_EQ(completion.choices.front().text, "7.");
  EXPECT_EQ(completion.usage.answer_tokens, 4);

  const auto requests = backend.requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_THAT(chat::text_of(requests[0].messages.back()), StartsWith("And 3 more?"));
  EXPECT_THAT(chat::text_of(requests[0].messages.back()), HasSubstr("Summarise"));
  EXPECT_EQ(requests[0].messages.size(), 4u) << "roles alternate";
  EXPECT_EQ(requests[0].limits.reasoning_tokens, 0);
  const auto& messages = requests[1].messages;
  ASSERT_EQ(messages.size(), 3u);
  EXPECT_EQ(chat::text_of(messages[0]), "Be brief.");
  EXPECT_EQ(messages[1].role, Role::Developer);
  EXPECT_THAT(chat::text_of(messages[1]), HasSubstr("They add numbers."));
  EXPECT_EQ(chat::text_of(messages[2]), "And 3 more?");
}

TEST_F(CompactionTest, ASummaryThatSaysNothingTakesNothingsPlace) {
  chat::FakeBackend backend({.clock = &clock},
                            chat::in_turn({chat::answers(" \n"), chat::answers("7.")}));
  const auto stream = compact_first(backend, conversation(), clock);
  bool noted = false;
  const auto completion = clock.collect(*stream, [&](const chat::Event& event) {
    noted = noted || std::holds_alternative<chat::Annotation>(event.payload);
  });
  EXPECT_FALSE(noted);
  EXPECT_EQ(completion.choices.front().text, "7.");
  ASSERT_EQ(backend.requests().size(), 2u);
  EXPECT_EQ(backend.requests()[1].messages.size(), 4u);
}

TEST_F(CompactionTest, AFailedSummaryIsAFailedAnswer) {
  chat::FakeBackend backend({.clock = &clock},
                            chat::answers_with({.error = Error{ErrorCode::Internal, "no memory"}}));
  const auto stream = compact_first(backend, conversation(), clock);
  const auto completion = clock.collect(*stream);
  ASSERT_TRUE(completion.error);
  EXPECT_EQ(completion.error->message, "no memory");
  EXPECT_EQ(backend.requests().size(), 1u);
}

TEST_F(CompactionTest, AStopDuringTheSummaryEndsTheAnswer) {
  chat::FakeBackend backend = summarises_then(chat::answers("7."));
  const auto stream = compact_first(backend, conversation(), clock);
  ASSERT_TRUE(stream->control(chat::Stop{}));
  const auto completion = clock.collect(*stream);
  EXPECT_EQ(completion.choices.front().finish_reason, chat::FinishReason::Stopped);
  EXPECT_EQ(backend.requests().size(), 1u);
}

TEST_F(CompactionTest, WhatIsSaidOfReasoningDuringTheSummaryIsForTheAnswer) {
  chat::FakeBackend backend(
      {.info = {.enforces_reasoning_budget = true}, .clock = &clock},
      chat::in_turn({chat::answers("They add numbers."),
                     chat::answers_with({.text = "7.", .reasoning = "four and three are seven"})}));
  const auto stream = compact_first(backend, conversation(), clock);
  ASSERT_TRUE(stream->control(chat::SetBudget{.choice = std::nullopt, .reasoning_tokens = 2}));
  const auto completion = clock.collect(*stream);
  ASSERT_EQ(backend.requests().size(), 2u);
  EXPECT_EQ(completion.choices.front().text, "7.");
  EXPECT_EQ(completion.usage.reasoning_tokens, 2);
}

TEST_F(CompactionTest, TheSummaryAndTheAnswerShareOneDeadline) {
  chat::FakeBackend backend(
      {.clock = &clock},
      chat::in_turn({chat::answers_with({.text = "They add numbers.", .first_token = 3s}),
                     chat::answers("7.")}));
  ModeBackend modes(backend, {.timer = &clock});
  chat::Request request = conversation();
  request.limits.deadline = 10s;
  const auto stream = modes.start(request);
  EXPECT_EQ(clock.collect(*stream).choices.front().text, "7.");
  const auto requests = backend.requests();
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].limits.deadline, 10s);
  EXPECT_EQ(requests[1].limits.deadline, 10s - 3'030ms);
}

TEST_F(CompactionTest, ASummaryThatNeverComesEndsAtTheDeadline) {
  chat::FakeBackend backend({.clock = &clock}, chat::answers_with({.text = "They", .hangs = true}));
  ModeBackend modes(backend, {.timer = &clock});
  chat::Request request = conversation();
  request.limits.deadline = 10s;
  const auto stream = modes.start(request);
  const auto completion = clock.collect(*stream);
  EXPECT_EQ(completion.choices.front().finish_reason, chat::FinishReason::Deadline);
  EXPECT_EQ(completion.usage.answer_tokens, 1) << "what was spent is told all the same";
  EXPECT_EQ(backend.live_streams(), 0);
  EXPECT_EQ(clock.now().time_since_epoch(), 10'500ms);
}

TEST_F(CompactionTest, ANewSummaryTakesThePlaceOfTheOld) {
  auto messages = conversation().messages;
  replace_by_summary(messages, 3, "First.");
  replace_by_summary(messages, 3, "Second.");
  ASSERT_EQ(messages.size(), 2u);
  EXPECT_EQ(chat::text_of(messages[0]), "Be brief.");
  EXPECT_THAT(chat::text_of(messages[1]), HasSubstr("Second."));
}

}  // namespace
}  // namespace melete::modes
