// Guessed tokens change how quickly an answer comes, never what it says.

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "engine/engine_fixture.h"

namespace melete::engine {
namespace {

class SpeculationTest : public EngineTest {
 protected:
  // On hardware where a wide step costs little: how much is guessed must not depend on this one's.
  static EngineOptions options(bool speculation) {
    return {.speculation = speculation,
            .step_costs = {{1, 1}, {2, 1.1}, {4, 1.2}, {8, 1.5}, {16, 2.5}}};
  }

  // What is asked with and without speculation.
  struct Both {
    chat::Completion with;
    chat::Completion without;
    double steps_with = 0;
  };

  Both ask_both(const chat::Request& request) {
    Both both;
    load(options(false));
    both.without = ask(request);
    EXPECT_EQ(counter("melete_guessed_tokens_total"), 0);
    const double steps_before = counter("melete_steps_total");
    engine_.reset();
    load(options(true));
    both.with = ask(request);
    both.steps_with = counter("melete_steps_total") - steps_before;
    return both;
  }

  static chat::Request copying(int tokens) {
    return question(
        "Copy this list twice, line by line.\n1. apples and pears\n2. bread and butter\n"
        "3. salt and pepper\n4. tea and coffee\n5. rice and beans",
        tokens);
  }
};

TEST_F(SpeculationTest, GreedyTextStaysTheSameInFewerSteps) {
  const Both both = ask_both(copying(96));
  ASSERT_FALSE(both.with.error);
  EXPECT_EQ(both.with.choices[0].text, both.without.choices[0].text);
  EXPECT_EQ(both.with.usage.answer_tokens, both.without.usage.answer_tokens);
  EXPECT_GT(counter("melete_kept_tokens_total"), 0);
  EXPECT_LE(counter("melete_kept_tokens_total"), counter("melete_guessed_tokens_total"));
  EXPECT_LT(both.steps_with, static_cast<double>(both.with.usage.answer_tokens));
}

TEST_F(SpeculationTest, ASeedGivesTheSameText) {
  chat::Request request = copying(64);
  request.sampling.temperature = 0.7;
  request.sampling.seed = 3;
  request.branches.resize(2);
  const Both both = ask_both(request);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(both.with.choices[i].text, both.without.choices[i].text);
    EXPECT_EQ(both.with.choices[i].finish_reason, both.without.choices[i].finish_reason);
  }
}

// A limit in the middle of what was guessed holds, and the cells of the rest are freed.
TEST_F(SpeculationTest, LimitsHoldAmongGuesses) {
  double cells[2] = {};
  for (const bool speculation : {false, true}) {
    engine_.reset();
    load(options(speculation));
    for (const int limit : {17, 18, 19, 20}) {
      const chat::Completion answer = ask(copying(limit));
      EXPECT_EQ(answer.choices[0].answer_tokens, limit);
      EXPECT_EQ(answer.choices[0].finish_reason, chat::FinishReason::Length);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(200));  // until the last step is counted
    cells[speculation] = gauge("melete_cells_used");
  }
  EXPECT_EQ(cells[true], cells[false]);
}

}  // namespace
}  // namespace melete::engine
