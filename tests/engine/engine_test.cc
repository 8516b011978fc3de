// The engine with a real model: what it writes, what it shares, and how it ends.

#include "engine/engine.h"

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "engine/engine_fixture.h"
#include "engine/plain_reference.h"

namespace melete::engine {
namespace {

using testing::HasSubstr;

// Waits until `condition` holds; a step of the small model takes about 10 ms.
template <typename Condition>
bool soon(Condition condition) {
  for (int attempt = 0; attempt < 500; ++attempt) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

TEST_F(EngineTest, WritesWhatPlainLlamaCppWrites) {
  load();
  const std::string text = "Write one sentence about the sea.";
  const chat::Completion answer = ask(question(text, 64));
  ASSERT_FALSE(answer.error) << answer.error->message;
  EXPECT_FALSE(answer.choices[0].text.empty());
  EXPECT_LE(PlainReference(test_model_path()).worst_regret(text, answer.choices[0].text), 0.05);
  EXPECT_GT(answer.usage.prompt_tokens, 5);
  EXPECT_EQ(answer.usage.answer_tokens, answer.choices[0].answer_tokens);
}

TEST_F(EngineTest, EndsAtTheTokenLimitWithWhatThereIs) {
  load();
  const chat::Completion answer = ask(question("Count from one to one hundred in words.", 5));
  EXPECT_EQ(answer.choices[0].finish_reason, chat::FinishReason::Length);
  EXPECT_EQ(answer.choices[0].answer_tokens, 5);
  EXPECT_FALSE(answer.choices[0].text.empty());
}

TEST_F(EngineTest, BranchesShareTheirPrompt) {
  load();
  chat::Request request = question("Name a colour. " + filler(300, 1), 12);
  request.branches.resize(4);
  const chat::Completion answer = ask(request);
  ASSERT_EQ(answer.choices.size(), 4u);
  for (const chat::Choice& choice : answer.choices) EXPECT_EQ(choice.text, answer.choices[0].text);
  EXPECT_LT(answer.usage.prompt_tokens, 600) << "the shared prompt counts once";
  EXPECT_LT(counter("melete_prompt_tokens_total"), 600) << "and is computed once";
}

TEST_F(EngineTest, BranchesDifferByTheirSeeds) {
  load();
  chat::Request request = question("Tell me something.", 24);
  request.sampling.temperature = 1.2;
  request.sampling.seed = 5;
  request.branches.resize(3);
  const chat::Completion first = ask(request);
  EXPECT_NE(first.choices[0].text, first.choices[1].text);
  EXPECT_NE(first.choices[1].text, first.choices[2].text);
}

TEST_F(EngineTest, ABranchReadsItsOwnSuffix) {
  load();
  chat::Request request = question("I will ask you something. " + filler(200, 2), 10);
  request.branches.resize(2);
  request.branches[0].suffix.push_back(
      chat::text_message(chat::Role::User, "What is the capital of France?"));
  request.branches[1].suffix.push_back(
      chat::text_message(chat::Role::User, "What is the capital of Italy?"));
  const chat::Completion answer = ask(request);
  ASSERT_FALSE(answer.error) << answer.error->message;
  EXPECT_NE(answer.choices[0].text, answer.choices[1].text);
  EXPECT_LT(counter("melete_prompt_tokens_total"), 500) << "what they share is computed once";
}

TEST_F(EngineTest, AFollowUpComputesOnlyWhatIsNew) {
  load();
  chat::Request request = question("Remember this: " + filler(500, 3), 16);
  const chat::Completion first = ask(request);
  request.messages.push_back(chat::text_message(chat::Role::Assistant, first.choices[0].text));
  request.messages.push_back(chat::text_message(chat::Role::User, "And now?"));
  const chat::Completion second = ask(request);
  EXPECT_GE(second.usage.cached_tokens, first.usage.prompt_tokens);
}

TEST_F(EngineTest, AnIdlePrefixComesBackFromRam) {
  load();
  const chat::Request request = question("Remember this: " + filler(500, 4), 8);
  const chat::Completion first = ask(request);
  ask(question("Something else entirely.", 8));
  EXPECT_GT(gauge("melete_prefix_store_bytes"), 0);
  const chat::Completion again = ask(request);
  EXPECT_GE(again.usage.cached_tokens, first.usage.prompt_tokens - 1);
  EXPECT_EQ(again.choices[0].text, first.choices[0].text);
}

TEST_F(EngineTest, AReaderThatGoesAwayFreesItsCells) {
  load({.prefix_store_bytes = 0});
  {
    chat::Request request = question("Write a very long story. " + filler(200, 5), 4000);
    request.sampling.ignore_eos = true;
    request.branches.resize(4);
    const auto stream = engine_->start(request);
    ASSERT_TRUE(soon([&] { return gauge("melete_choices_active") == 4; }));
  }
  EXPECT_TRUE(soon([&] { return gauge("melete_choices_active") == 0; }));
  ask(question("Hello.", 12));  // beside which idle prefixes leave, one in a step
  EXPECT_LT(gauge("melete_cells_used"), 100) << "only the last answer's prefix is left";
}

TEST_F(EngineTest, OneChoiceCanBeStoppedAlone) {
  load();
  chat::Request request = question("Write a very long story.", 40);
  request.sampling.ignore_eos = true;
  request.branches.resize(2);
  const auto stream = engine_->start(request);
  bool stopped = false;
  const chat::Completion answer = chat::collect_blocking(*stream, [&](const chat::Event& event) {
    if (!stopped && std::holds_alternative<chat::TextDelta>(event.payload)) {
      stopped = stream->control(chat::Stop{1}).has_value();
    }
  });
  EXPECT_EQ(answer.choices[0].finish_reason, chat::FinishReason::Length);
  EXPECT_EQ(answer.choices[1].finish_reason, chat::FinishReason::Stopped);
  EXPECT_LT(answer.choices[1].answer_tokens, 40);
}

TEST_F(EngineTest, TheReasoningBudgetClosesTheBlockAndTheAnswerFollows) {
  load();
  chat::Request request = question("How much is 12 plus 30? Think first.", 20);
  request.prefill = "<think>\n";
  request.limits.reasoning_tokens = 12;
  const chat::Completion answer = ask(request);
  ASSERT_FALSE(answer.error) << answer.error->message;
  EXPECT_FALSE(answer.choices[0].reasoning.empty());
  EXPECT_LE(answer.choices[0].reasoning_tokens, 12 + 8) << "the budget and the closing text";
  EXPECT_FALSE(answer.choices[0].text.empty());
  EXPECT_EQ(answer.choices[0].text.find("think>"), std::string::npos);
}

TEST_F(EngineTest, AnswerNowClosesTheReasoningOfARunningAnswer) {
  load();
  chat::Request request = question("Think about the sea.", 12);
  request.prefill = "<think>\n";
  request.limits.reasoning_tokens = 5000;
  request.sampling.ignore_eos = true;
  const auto stream = engine_->start(request);
  bool told = false;
  const chat::Completion answer = chat::collect_blocking(*stream, [&](const chat::Event& event) {
    if (!told && std::holds_alternative<chat::ReasoningDelta>(event.payload)) {
      told = stream->control(chat::AnswerNow{}).has_value();
    }
  });
  EXPECT_LT(answer.choices[0].reasoning_tokens, 200);
  EXPECT_FALSE(answer.choices[0].text.empty());
}

TEST_F(EngineTest, ADeadlineEndsTheAnswerWithWhatThereIs) {
  load();
  chat::Request request = question("Write a very long story.", 100000);
  request.sampling.ignore_eos = true;
  request.limits.deadline = std::chrono::milliseconds(500);
  const chat::Completion answer = ask(request);
  EXPECT_EQ(answer.choices[0].finish_reason, chat::FinishReason::Deadline);
  EXPECT_FALSE(answer.choices[0].text.empty());
}

TEST_F(EngineTest, APromptLongerThanTheContextIsRefusedWithBothLengths) {
  load({.context_tokens = 512});
  const chat::Completion answer = ask(question(filler(900, 6)));
  ASSERT_TRUE(answer.error);
  EXPECT_EQ(answer.error->code, ErrorCode::ContextExceeded);
  EXPECT_THAT(answer.error->message, HasSubstr("512"));
  EXPECT_EQ(answer.error->parameter, "messages");
}

TEST_F(EngineTest, AnAnswerThatFillsTheContextEndsAsLength) {
  load({.context_tokens = 512});
  chat::Request request = question(filler(400, 7), 4000);
  request.sampling.ignore_eos = true;
  const chat::Completion answer = ask(request);
  ASSERT_FALSE(answer.error) << answer.error->message;
  EXPECT_EQ(answer.choices[0].finish_reason, chat::FinishReason::Length);
}

TEST_F(EngineTest, APictureIsRefusedByAModelWithoutEyes) {
  load();
  chat::Request request = question("What is this?");
  request.messages[0].parts.emplace_back(
      chat::ImagePart{std::make_shared<const std::string>("\x89PNG"), "messages[0].content[1]"});
  const chat::Completion answer = ask(request);
  ASSERT_TRUE(answer.error);
  EXPECT_EQ(answer.error->code, ErrorCode::Unsupported);
  EXPECT_EQ(answer.error->parameter, "messages[0].content[1]");
}

TEST_F(EngineTest, AStopTextEndsTheAnswerBeforeIt) {
  load();
  chat::Request request = question("Count: one, two, three, four, five. Repeat it exactly.", 40);
  request.sampling.stop = {"three"};
  const chat::Completion answer = ask(request);
  EXPECT_EQ(answer.choices[0].text.find("three"), std::string::npos);
  EXPECT_EQ(answer.choices[0].finish_reason, chat::FinishReason::Stop);
}

TEST(EngineLoad, AMissingFileIsNamed) {
  const auto engine = Engine::load({.name = "none", .model = "/nowhere/none.gguf"});
  ASSERT_FALSE(engine);
  EXPECT_EQ(engine.error().code, ErrorCode::NotFound);
  EXPECT_THAT(engine.error().message, HasSubstr("/nowhere/none.gguf"));
}

}  // namespace
}  // namespace melete::engine
