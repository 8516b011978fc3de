// The reasoning of an answer leaves the memory with the answer's end, and what later turns begin
// with is read ahead while nobody waits.

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "engine/engine_fixture.h"

namespace melete::engine {
namespace {

class ThoughtFoldingTest : public EngineTest {
 protected:
  // A question that is reasoned about first.
  static chat::Request thinking(const std::string& text) {
    chat::Request request = question(text, 12);
    request.prefill = "<think>\n";
    request.limits.reasoning_tokens = 40;
    return request;
  }

  // `request`, its answer, and `next`.
  static chat::Request followed(chat::Request request, const chat::Completion& answer,
                                const std::string& next) {
    request.prefill.clear();
    request.messages.push_back(chat::text_message(chat::Role::Assistant, answer.choices[0].text));
    request.messages.push_back(chat::text_message(chat::Role::User, next));
    return request;
  }

  static bool soon(const std::function<bool()>& holds) {
    for (int attempt = 0; attempt < 1000 && !holds(); ++attempt) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return holds();
  }
};

TEST_F(ThoughtFoldingTest, ReasoningLeavesTheMemoryWithItsAnswer) {
  load();
  const chat::Completion answer = ask(thinking("What is a river? " + filler(100, 1)));
  ASSERT_FALSE(answer.error);
  EXPECT_GT(answer.usage.reasoning_tokens, 0);
  const auto prompt = static_cast<double>(answer.usage.prompt_tokens);
  EXPECT_TRUE(soon([&] { return gauge("melete_cells_used") == prompt; }));
  EXPECT_EQ(counter("melete_folded_tokens_total"),
            static_cast<double>(answer.usage.reasoning_tokens));
}

TEST_F(ThoughtFoldingTest, AnAnswerWithoutReasoningStays) {
  load();
  const chat::Completion answer = ask(question("What is a river? " + filler(100, 1), 12));
  EXPECT_TRUE(soon([&] {
    return gauge("melete_cells_used") > static_cast<double>(answer.usage.prompt_tokens);
  }));
  EXPECT_EQ(counter("melete_folded_tokens_total"), 0);
}

TEST_F(ThoughtFoldingTest, WhatWasReadAheadIsNotReadAgain) {
  load();
  const chat::Request first = thinking("What is a river? " + filler(100, 1));
  const chat::Completion answer = ask(first);
  const double read = counter("melete_prompt_tokens_total");
  engine_->read_ahead(followed(first, answer, "And then?"));
  const auto text_tokens = static_cast<double>(answer.choices[0].answer_tokens);
  ASSERT_TRUE(soon([&] { return counter("melete_prompt_tokens_total") >= read + text_tokens; }));

  const chat::Completion next = ask(followed(first, answer, "And the sea?"));
  ASSERT_FALSE(next.error);
  const int64_t fresh = next.usage.prompt_tokens - next.usage.cached_tokens;
  EXPECT_LE(fresh, 16) << "only the new question";
  engine_.reset();
  load();
  EXPECT_EQ(ask(followed(first, answer, "And the sea?")).choices[0].text, next.choices[0].text);
}

// Whoever comes waits for one small slice; afterwards reading goes on where it was.
TEST_F(ThoughtFoldingTest, ReadingAheadGivesWay) {
  load();
  const chat::Request longer = question("Remember: " + filler(1500, 2), 4);
  engine_->read_ahead(longer);
  ASSERT_TRUE(soon([&] { return counter("melete_prompt_tokens_total") > 0; }));
  const chat::Completion between = ask(question("Say hello.", 4));
  EXPECT_FALSE(between.error);
  EXPECT_LT(counter("melete_prompt_tokens_total"), 1500);
  ASSERT_TRUE(soon([&] { return counter("melete_prompt_tokens_total") >= 1500; }));
  EXPECT_LT(counter("melete_prompt_tokens_total"), 1700) << "what was read is not read again";
  ASSERT_TRUE(soon([&] { return gauge("melete_cells_used") >= 1500; }));
  const chat::Completion answer = ask(longer);
  EXPECT_EQ(answer.usage.prompt_tokens - answer.usage.cached_tokens, 1);
}

TEST_F(ThoughtFoldingTest, OnlyTheLatestPromptsAreReadAhead) {
  load();
  chat::Request busy = question("Tell a story.", 200);
  busy.sampling.ignore_eos = true;
  const auto stream = engine_->start(busy);
  for (int index = 0; index < 40; ++index) {
    engine_->read_ahead(question(filler(20, index), 1));
  }
  EXPECT_FALSE(chat::collect_blocking(*stream).error);
  const double read = counter("melete_prompt_tokens_total");
  ASSERT_TRUE(soon([&] { return counter("melete_prompt_tokens_total") > read; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_LT(counter("melete_prompt_tokens_total"), read + 8 * 120);
}

}  // namespace
}  // namespace melete::engine
