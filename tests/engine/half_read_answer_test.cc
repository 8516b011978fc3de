// An answer that was set aside and is read again in several steps: guesses of what follows its end
// were once put behind a slice that ends before, which failed every answer of that step.

#include <gmock/gmock.h>

#include "engine/engine_fixture.h"

namespace melete::engine {
namespace {

class HalfReadAnswerTest : public EngineTest {};

TEST_F(HalfReadAnswerTest, GetsNoGuessesBeforeItsEnd) {
  constexpr int kLength = 160;
  load({.context_tokens = 256,
        .pool_tokens = 512,
        .sequence_limit = 16,
        .slice_tokens = 16,
        .prefix_store_bytes = 0,
        .saved_byte_limit = 0,
        .step_costs = {{1, 1}, {2, 1.1}, {4, 1.2}, {8, 1.5}, {16, 2.5}}});
  std::vector<std::unique_ptr<chat::Stream>> streams;
  for (int index = 0; index < 8; ++index) {
    // Greedy and never at its end, such a model soon repeats itself, which is easily guessed.
    chat::Request request = question("Count: " + filler(10, index), kLength);
    request.sampling.ignore_eos = true;
    streams.push_back(engine_->start(request));
  }
  for (const auto& stream : streams) {
    const chat::Completion answer = chat::collect_blocking(*stream);
    ASSERT_FALSE(answer.error) << answer.error->message;
    EXPECT_EQ(answer.choices[0].answer_tokens, kLength);
  }
  EXPECT_GT(counter("melete_set_aside_total"), 0) << "the pool was meant to be too small";
  EXPECT_GT(counter("melete_guessed_tokens_total"), 0);
}

}  // namespace
}  // namespace melete::engine
