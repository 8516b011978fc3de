// Fixed: the tokens that close a spent reasoning block were counted, so that an answer had more
// tokens than its caller allowed.

#include <gtest/gtest.h>

#include "engine/engine_fixture.h"

namespace melete::engine {
namespace {

TEST_F(EngineTest, TheClosingOfTheReasoningIsNotCounted) {
  load();
  chat::Request request = question("Explain step by step why the sky is blue.", 24);
  request.prefill = "<think>\n";
  request.limits.reasoning_tokens = 16;
  request.sampling.ignore_eos = true;
  const chat::Completion answer = ask(request);
  ASSERT_FALSE(answer.error);
  EXPECT_LE(answer.usage.reasoning_tokens, 16);
  EXPECT_LE(answer.usage.reasoning_tokens + answer.usage.answer_tokens, 40);
  EXPECT_FALSE(answer.choices[0].text.empty());
}

}  // namespace
}  // namespace melete::engine
