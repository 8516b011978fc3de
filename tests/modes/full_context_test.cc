// Reasoning that fills the context leaves no room to ask for the answer: the turn ends as one that
// is too long, with what was thought, and is no error.

#include <gtest/gtest.h>

#include "chat/fake_backend.h"
#include "modes/mode_backend.h"

namespace melete::modes {
namespace {

TEST(FullContext, EndsTheAnswerWithWhatWasThought) {
  chat::VirtualClock clock;
  chat::FakeBackend backend(
      {.clock = &clock},
      chat::in_turn(
          {chat::answers_with({.reasoning = "a b", .reason = chat::FinishReason::Length}),
           chat::answers_with({.error = Error{ErrorCode::ContextExceeded, "full", ""}})}));
  ModeBackend modes(backend, {.timer = &clock});
  chat::Request request;
  request.mode = chat::Mode::Thinking;
  request.messages = {chat::text_message(chat::Role::User, "Why?")};
  const auto stream = modes.start(request);
  const auto completion = clock.collect(*stream);
  EXPECT_FALSE(completion.error);
  EXPECT_EQ(completion.choices.front().reasoning, "a b");
  EXPECT_EQ(completion.choices.front().finish_reason, chat::FinishReason::Length);
  EXPECT_EQ(backend.requests().size(), 2u);
}

}  // namespace
}  // namespace melete::modes
