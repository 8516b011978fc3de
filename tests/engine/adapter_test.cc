// LoRA adapters over the small real model: what they change, and what they leave alone.

#include <gmock/gmock.h>

#include "engine/engine_fixture.h"
#include "engine/random_adapter.h"
#include "engine/random_model.h"

namespace melete::engine {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class AdapterTest : public EngineTest {
 protected:
  // Loads the model with adapters of these strengths, named "a0", "a1" and so on.
  void load_with(const std::vector<float>& strengths, EngineOptions options = {}) {
    for (size_t index = 0; index < strengths.size(); ++index) {
      const std::string name = "a" + std::to_string(index);
      const std::filesystem::path file = folder_ / (name + ".gguf");
      write_random_adapter(
          file, {.seed = static_cast<uint32_t>(index) + 1, .strength = strengths[index]});
      options.adapters.push_back({name, file});
    }
    load(options);
  }

  // Why the model cannot be loaded with these.
  Error refused(std::vector<models::AdapterFile> adapters) {
    const auto engine = Engine::load(
        {.name = kTestModel, .model = test_model_path(), .adapters = std::move(adapters)});
    EXPECT_FALSE(engine);
    return engine ? Error{} : engine.error();
  }

  static chat::Request with(std::string adapter, chat::Request request) {
    request.adapter = std::move(adapter);
    return request;
  }

  TemporaryFolder folder_;
};

// Text and the log-probability of each token, which two computations share only where every bit is
// the same.
void expect_same(const chat::Choice& one, const chat::Choice& other) {
  EXPECT_EQ(one.text, other.text);
  ASSERT_EQ(one.logprobs.size(), other.logprobs.size());
  for (size_t index = 0; index < one.logprobs.size(); ++index) {
    EXPECT_EQ(one.logprobs[index].logprob, other.logprobs[index].logprob) << index;
  }
}

TEST_F(AdapterTest, OneThatAddsNothingWritesWhatTheModelWrites) {
  load_with({0});
  chat::Request request = question("Write one sentence about the sea.");
  request.sampling.top_logprobs = 0;
  const chat::Completion base = ask(request);
  const chat::Completion adapted = ask(with("a0", request));
  ASSERT_FALSE(adapted.error) << adapted.error->message;
  EXPECT_EQ(adapted.usage.cached_tokens, 0) << "computed, not remembered";
  EXPECT_FALSE(base.choices[0].logprobs.empty());
  expect_same(adapted.choices[0], base.choices[0]);
}

TEST_F(AdapterTest, OneThatAddsSomethingWritesSomethingElse) {
  load_with({4, 4});
  const chat::Request request = question("Write one sentence about the sea.", 16);
  const std::string base = ask(request).choices[0].text;
  const std::string first = ask(with("a0", request)).choices[0].text;
  const std::string second = ask(with("a1", request)).choices[0].text;
  EXPECT_NE(first, base);
  EXPECT_NE(second, base);
  EXPECT_NE(first, second);
}

// With a prompt that was read or remembered, with and without guesses, alone and beside others.
TEST_F(AdapterTest, ItsAnswersAreTheSameInAnyCompany) {
  load_with({4});
  chat::Request request = with("a0", question("Count from one to nine, twice.", 24));
  request.sampling = {.temperature = 0.9, .seed = 7, .ignore_eos = true, .top_logprobs = 0};
  const chat::Completion alone = ask(request);
  ASSERT_FALSE(alone.error) << alone.error->message;
  expect_same(ask(request).choices[0], alone.choices[0]);
  chat::Request other = with("a0", question("Write a very long story.", 4000));
  other.sampling.ignore_eos = true;
  const auto company = engine_->start(other);
  expect_same(ask(request).choices[0], alone.choices[0]);
}

TEST_F(AdapterTest, TheModelsOwnAnswersAreTheSameBesideAdapters) {
  load_with({4, 4});
  chat::Request request = question("Write a story.", 32);
  request.sampling = {.temperature = 0.9, .seed = 11, .ignore_eos = true, .top_logprobs = 0};
  const chat::Completion alone = ask(request);
  ask(question("Something else.", 4));  // whose cells take the place of what was said
  chat::Request endless = question("Write a very long story.", 4000);
  endless.sampling.ignore_eos = true;
  const auto first = engine_->start(with("a0", endless));
  const auto second = engine_->start(with("a1", endless));
  const chat::Completion beside = ask(request);
  ASSERT_FALSE(beside.error) << beside.error->message;
  expect_same(beside.choices[0], alone.choices[0]);
}

TEST_F(AdapterTest, PrefixesAreKeptApart) {
  load_with({4, 4});
  const chat::Request request = question("Remember this: " + filler(200, 1), 4);
  const chat::Completion base = ask(request);
  for (const char* adapter : {"a0", "a1"}) {
    const chat::Completion first = ask(with(adapter, request));
    EXPECT_EQ(first.usage.cached_tokens, 0) << adapter;
    const chat::Completion again = ask(with(adapter, request));
    EXPECT_GE(again.usage.cached_tokens, again.usage.prompt_tokens - 1) << adapter;
  }
  const chat::Completion again = ask(request);
  EXPECT_GE(again.usage.cached_tokens, again.usage.prompt_tokens - 1);
  EXPECT_EQ(again.choices[0].text, base.choices[0].text);
}

TEST_F(AdapterTest, BranchesStayWithTheirAdapter) {
  load_with({4});
  chat::Request request = with("a0", question("Name a colour. " + filler(300, 1), 12));
  request.branches.resize(3);
  const chat::Completion answer = ask(request);
  ASSERT_FALSE(answer.error) << answer.error->message;
  for (const chat::Choice& choice : answer.choices) EXPECT_EQ(choice.text, answer.choices[0].text);
  EXPECT_LT(counter("melete_prompt_tokens_total"), 600) << "the shared prompt is computed once";
}

// An answer that never ends holds up no other adapter's, whoever came first.
TEST_F(AdapterTest, AllTakeTurns) {
  load_with({4, 4});
  chat::Request endless = question("Write a very long story.", 100000);
  endless.sampling.ignore_eos = true;
  for (const std::string runs : {"", "a0", "a1"}) {
    const auto stream = engine_->start(with(runs, endless));
    for (const std::string asks : {"", "a0", "a1"}) {
      const chat::Completion answer = ask(with(asks, question("Say hello.", 8)));
      EXPECT_FALSE(answer.error) << asks << " beside " << runs;
    }
    EXPECT_TRUE(stream->control(chat::Stop{})) << "it still runs";
    const chat::Completion stopped = chat::collect_blocking(*stream);
    EXPECT_EQ(stopped.choices[0].finish_reason, chat::FinishReason::Stopped);
    EXPECT_GT(stopped.choices[0].answer_tokens, 0);
  }
}

TEST_F(AdapterTest, ManyAnswersOfAllCompleteTogether) {
  load_with({4, 4}, {.context_tokens = 512, .pool_tokens = 1024, .sequence_limit = 16});
  std::vector<std::unique_ptr<chat::Stream>> streams;
  for (int index = 0; index < 18; ++index) {
    const std::string adapter = index % 3 == 0 ? "" : "a" + std::to_string(index % 3 - 1);
    chat::Request request = question("Count: " + filler(40, index), 16);
    request.sampling.ignore_eos = true;
    streams.push_back(engine_->start(with(adapter, request)));
  }
  for (const auto& stream : streams) {
    const chat::Completion answer = chat::collect_blocking(*stream);
    ASSERT_FALSE(answer.error) << answer.error->message;
    EXPECT_EQ(answer.choices[0].answer_tokens, 16);
  }
}

// As when it was there from the beginning, also while answers are written.
TEST_F(AdapterTest, OneThatIsAddedLaterAnswersAsOneThatWasThere) {
  load_with({4, 4});
  chat::Request request = question("Write one sentence about the sea.", 16);
  request.sampling.top_logprobs = 0;
  const chat::Completion expected = ask(with("a1", request));
  load_with({4});
  EXPECT_TRUE(ask(with("a1", request)).error);
  chat::Request endless = question("Write a very long story.", 4000);
  endless.sampling.ignore_eos = true;
  const auto company = engine_->start(with("a0", endless));
  const models::AdapterFile late{"a1", folder_ / "a1.gguf"};
  ASSERT_TRUE(engine_->add_adapter(late));
  const chat::Completion answer = ask(with("a1", request));
  ASSERT_FALSE(answer.error) << answer.error->message;
  expect_same(answer.choices[0], expected.choices[0]);
  EXPECT_EQ(engine_->add_adapter(late).error().code, ErrorCode::Conflict);
  const models::AdapterFile missing{"a2", folder_ / "none.gguf"};
  EXPECT_EQ(engine_->add_adapter(missing).error().code, ErrorCode::NotFound);
}

TEST_F(AdapterTest, AnUnknownOneIsNotFound) {
  load_with({0});
  const chat::Completion answer = ask(with("poet", question("Hi")));
  ASSERT_TRUE(answer.error);
  EXPECT_EQ(answer.error->code, ErrorCode::NotFound);
  EXPECT_EQ(answer.error->parameter, "adapter");
  EXPECT_THAT(answer.error->message, HasSubstr("poet"));
}

TEST_F(AdapterTest, OneThatDoesNotFitIsRefusedByName) {
  const std::filesystem::path file = folder_ / "poet.gguf";
  write_random_adapter(file, {.architecture = "qwen2"});
  EXPECT_THAT(refused({{"poet", file}}).message,
              AllOf(HasSubstr("the adapter poet"), HasSubstr("qwen2"), HasSubstr("llama")));
  write_random_adapter(file, {.width = 512});
  EXPECT_THAT(refused({{"poet", file}}).message,
              AllOf(HasSubstr("blk.0.attn_q.weight"), HasSubstr("512 x 8")));
  write_random_adapter(file, {.tensor = "attn_none.weight"});
  EXPECT_THAT(refused({{"poet", file}}).message, HasSubstr("blk.0.attn_none.weight"));
  write_random_adapter(file);
  EXPECT_THAT(refused({{"poet", file}, {"poet", file}}).message, HasSubstr("given twice"));
  cut_file(file, 0.9);
  EXPECT_EQ(refused({{"poet", file}}).code, ErrorCode::Corrupt);
  EXPECT_EQ(refused({{"poet", folder_ / "none.gguf"}}).code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace melete::engine
