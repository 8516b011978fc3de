// Fixed: an answer ended at what a limit for reasoning and answer together had set aside for it,
// however little had been thought.

#include <gtest/gtest.h>

#include "engine/engine_fixture.h"

namespace melete::engine {
namespace {

TEST_F(EngineTest, AnAnswerMayTakeWhatReasoningLeaves) {
  load();
  chat::Request request = question("Explain step by step why the sky is blue.", 10);
  request.prefill = "<think>\n";
  request.limits.reasoning_tokens = 16;
  request.limits.total_tokens = 40;
  request.sampling.ignore_eos = true;
  const chat::Completion answer = ask(request);
  ASSERT_FALSE(answer.error);
  EXPECT_GT(answer.usage.answer_tokens, 10);
  EXPECT_EQ(answer.usage.reasoning_tokens + answer.usage.answer_tokens, 40);
  EXPECT_EQ(answer.choices[0].finish_reason, chat::FinishReason::Length);
}

}  // namespace
}  // namespace melete::engine
