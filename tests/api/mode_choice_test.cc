// Where a mode comes from, and how a limit on all output is shared by reasoning and answer.

#include "api/mode_choice.h"

#include <gtest/gtest.h>

namespace melete::api {
namespace {

using chat::Effort;
using chat::Mode;

chat::Request with_effort(std::optional<Effort> effort) {
  chat::Request request;
  request.effort = effort;
  return request;
}

chat::Request chosen(const ModeWish& wish, std::optional<Effort> effort = {}) {
  const auto request = choose_mode(wish, with_effort(effort));
  EXPECT_TRUE(request.has_value());
  return request.value_or(chat::Request{});
}

TEST(ModeChoice, WithoutAWishItIsInstant) {
  EXPECT_EQ(chosen({}).mode, Mode::Instant);
}

TEST(ModeChoice, AnEffortAloneAsksForThinking) {
  EXPECT_EQ(chosen({}, Effort::Low).mode, Mode::Thinking);
  EXPECT_EQ(chosen({}, Effort::None).mode, Mode::Instant);
}

TEST(ModeChoice, TheNameOrTheBodyDecides) {
  EXPECT_EQ(chosen({.from_model = Mode::Contemplating}).mode, Mode::Contemplating);
  EXPECT_EQ(chosen({.from_body = Mode::Thinking}).mode, Mode::Thinking);
  EXPECT_EQ(chosen({.from_model = Mode::Instant}, Effort::High).mode, Mode::Instant);
  const ModeWish same{.from_model = Mode::Thinking, .from_body = Mode::Thinking};
  EXPECT_EQ(chosen(same).mode, Mode::Thinking);
}

TEST(ModeChoice, AContradictionIsRefused) {
  const ModeWish both{.from_model = Mode::Instant, .from_body = Mode::Thinking};
  const auto result = choose_mode(both, {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().parameter, "melete.mode");
}

TEST(ModeChoice, AnInstantAnswerMayUseTheWholeLimit) {
  const chat::Request request = chosen({.output_tokens = 100});
  EXPECT_EQ(request.limits.answer_tokens, 100);
  EXPECT_FALSE(request.limits.reasoning_tokens);
}

TEST(ModeChoice, ReasoningMayTakeHalfOfTheLimit) {
  const chat::Request request = chosen({.from_body = Mode::Thinking, .output_tokens = 101});
  EXPECT_EQ(request.limits.reasoning_tokens, 50);
  EXPECT_EQ(request.limits.answer_tokens, 51);
}

TEST(ModeChoice, TheEffortStillBoundsTheReasoningUnderALargeLimit) {
  const chat::Request request = chosen({.output_tokens = 10'000}, Effort::Low);
  EXPECT_EQ(request.limits.reasoning_tokens, 512);
  EXPECT_EQ(request.limits.answer_tokens, 9488);
}

TEST(ModeChoice, EvenALimitOfOneLeavesAnAnswer) {
  const chat::Request request = chosen({.from_body = Mode::Thinking, .output_tokens = 1});
  EXPECT_EQ(request.limits.reasoning_tokens, 0);
  EXPECT_EQ(request.limits.answer_tokens, 1);
}

TEST(ModeChoice, AStatedReasoningBudgetIsKept) {
  const chat::Request request =
      chosen({.from_body = Mode::Thinking, .output_tokens = 100, .reasoning_tokens = 80});
  EXPECT_EQ(request.limits.reasoning_tokens, 80);
  EXPECT_EQ(request.limits.answer_tokens, 20);
  EXPECT_EQ(request.limits.total_tokens, 100) << "what is not thought may be said";
}

TEST(ModeChoice, ABudgetThatLeavesNoAnswerIsRefused) {
  const auto result = choose_mode({.from_body = Mode::Thinking,
                                   .output_tokens = 100,
                                   .output_tokens_field = "max_tokens",
                                   .reasoning_tokens = 100},
                                  {});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().parameter, "melete.reasoning_tokens");
}

}  // namespace
}  // namespace melete::api
