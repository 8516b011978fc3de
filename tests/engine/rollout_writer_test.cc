// Rollouts of the small real model: what the engine itself writes, many at once.

#include "engine/rollout_writer.h"

#include "engine/engine_fixture.h"
#include "engine/random_adapter.h"
#include "engine/random_model.h"
#include "engine/turn_writer.h"

namespace melete::engine {
namespace {

class RolloutWriterTest : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    if (IsSkipped()) return;
    auto turns = TurnWriter::open(test_model_path());
    ASSERT_TRUE(turns) << turns.error().message;
    turns_ = std::move(*turns);
  }

  void load_writer(RolloutWriterOptions options = {}) {
    options.model = test_model_path();
    auto loaded = RolloutWriter::load(options);
    ASSERT_TRUE(loaded) << loaded.error().message;
    writer_ = std::move(*loaded);
  }

  // The tokens of a user's message and of what opens the answer.
  std::vector<int32_t> prompt(const std::string& text) const {
    const auto turn = turns_->write({chat::text_message(chat::Role::User, text)}, {.text = "Yes."});
    return turns_->prompt_tokens(turn->prompt);
  }

  RolloutWish wish(int64_t copies = 1, bool likeliest = false) const {
    return {.copies = copies, .most_tokens = 24, .end = turns_->turn_end(), .likeliest = likeliest};
  }

  std::vector<WrittenRollout> write(const std::vector<RolloutPrompt>& prompts, RolloutWish wish) {
    auto written = writer_->write(prompts, wish);
    EXPECT_TRUE(written) << written.error().message;
    return written.value_or(std::vector<WrittenRollout>{});
  }

  std::unique_ptr<TurnWriter> turns_;
  std::unique_ptr<RolloutWriter> writer_;
};

void expect_same(const WrittenRollout& one, const WrittenRollout& other) {
  EXPECT_EQ(one.tokens, other.tokens);
  EXPECT_EQ(one.log_probabilities, other.log_probabilities);
  EXPECT_EQ(one.entropy, other.entropy);
  EXPECT_EQ(one.ended, other.ended);
}

TEST_F(RolloutWriterTest, TheLikeliestIsWhatTheEngineSays) {
  load();
  load_writer();
  chat::Request request = question("Name three colours.", 24);
  request.sampling.temperature = 0;
  request.sampling.top_logprobs = 0;
  const chat::Completion said = ask(request);
  const std::vector<int32_t> tokens = prompt("Name three colours.");
  const WrittenRollout written = write({{tokens, 1}}, wish(1, true)).at(0);
  std::vector<int32_t> text = written.tokens;
  if (written.ended) text.pop_back();
  EXPECT_EQ(turns_->text(text), said.choices[0].text);
  ASSERT_GE(written.log_probabilities.size(), said.choices[0].logprobs.size());
  for (size_t i = 0; i < said.choices[0].logprobs.size(); ++i) {
    EXPECT_NEAR(written.log_probabilities[i], said.choices[0].logprobs[i].logprob, 1e-3);
  }
}

TEST_F(RolloutWriterTest, AnAnswerIsTheSameWhateverIsAskedBesideIt) {
  load_writer();
  const std::vector<int32_t> sea = prompt("Write about the sea.");
  const std::vector<int32_t> sun = prompt("Write a line about the sun and the moon.");
  const std::vector<WrittenRollout> alone = write({{sea, 5}}, wish(3));
  ASSERT_EQ(alone.size(), 3u);
  EXPECT_NE(alone[0].tokens, alone[1].tokens);
  const std::vector<WrittenRollout> beside = write({{sun, 9}, {sea, 5}}, wish(3));
  ASSERT_EQ(beside.size(), 6u);
  for (size_t i = 0; i < 3; ++i) expect_same(beside[3 + i], alone[i]);
}

TEST_F(RolloutWriterTest, MoreThanThereIsRoomForTakeTurns) {
  load_writer();
  std::vector<std::vector<int32_t>> tokens;
  std::vector<RolloutPrompt> prompts;
  for (int i = 0; i < 5; ++i) tokens.push_back(prompt("Count to " + std::to_string(i + 3) + "."));
  for (size_t i = 0; i < tokens.size(); ++i) prompts.push_back({tokens[i], i});
  const std::vector<WrittenRollout> wide = write(prompts, wish(4));
  load_writer({.rows = 3, .context_tokens = 128, .pool_tokens = 160});
  const std::vector<WrittenRollout> narrow = write(prompts, wish(4));
  ASSERT_EQ(narrow.size(), 20u);
  for (size_t i = 0; i < narrow.size(); ++i) expect_same(narrow[i], wide[i]);
}

TEST_F(RolloutWriterTest, AnswersEndOrAreCutOff) {
  load_writer();
  const std::vector<int32_t> tokens = prompt("Say hello.");
  for (const WrittenRollout& rollout : write({{tokens, 3}}, wish(16))) {
    EXPECT_LE(rollout.tokens.size(), 24u);
    EXPECT_EQ(rollout.tokens.size(), rollout.log_probabilities.size());
    EXPECT_EQ(rollout.ended, rollout.tokens.back() == turns_->turn_end());
    EXPECT_TRUE(rollout.ended || rollout.tokens.size() == 24u);
    EXPECT_GT(rollout.entropy, 0);
    for (const float log_probability : rollout.log_probabilities) EXPECT_LE(log_probability, 1e-6);
  }
}

TEST_F(RolloutWriterTest, AnAdapterChangesAnswersUntilTheNextOne) {
  load_writer();
  const TemporaryFolder folder;
  write_random_adapter(folder / "none.gguf", {.strength = 0});
  write_random_adapter(folder / "strong.gguf", {.strength = 4});
  const std::vector<int32_t> tokens = prompt("Write about the sea.");
  const auto written = [&] { return write({{tokens, 1}}, wish(1, true)).at(0); };
  const WrittenRollout base = written();
  ASSERT_TRUE(writer_->set_adapter(folder / "strong.gguf"));
  EXPECT_NE(written().log_probabilities, base.log_probabilities);
  ASSERT_TRUE(writer_->set_adapter(folder / "none.gguf"));
  expect_same(written(), base);
  write_random_adapter(folder / "other.gguf", {.architecture = "qwen2"});
  EXPECT_EQ(writer_->set_adapter(folder / "other.gguf").error().code, ErrorCode::InvalidArgument);
}

TEST_F(RolloutWriterTest, APromptThatIsTooLongIsRefused) {
  load_writer({.rows = 2, .context_tokens = 64});
  const std::vector<int32_t> tokens(50, 5);
  const auto written = writer_->write(std::vector<RolloutPrompt>{{tokens, 1}}, wish());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::InvalidArgument);
}

}  // namespace
}  // namespace melete::engine
