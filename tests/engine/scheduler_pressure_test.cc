// The engine when there is less room than work: everyone is served, nobody fails because of
// another.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <malloc.h>

#include <fstream>
#include <random>
#include <thread>

#include "engine/engine_fixture.h"
#include "engine/plain_reference.h"

namespace melete::engine {
namespace {

class PressureTest : public EngineTest {};

// Without what the allocator only holds back.
double resident_megabytes() {
  malloc_trim(0);
  std::ifstream status("/proc/self/statm");
  long total = 0;
  long resident = 0;
  status >> total >> resident;
  return static_cast<double>(resident) * 4096 / 1e6;
}

TEST_F(PressureTest, SixtyFourRequestsInACacheForSixteenAllComplete) {
  // Each prompt and answer takes about 130 cells; the pool holds about sixteen of them.
  load({.context_tokens = 512, .pool_tokens = 2048, .sequence_limit = 64, .prefix_store_bytes = 0});
  constexpr int kLength = 24;
  std::vector<std::string> questions;
  std::vector<std::unique_ptr<chat::Stream>> streams;
  for (int index = 0; index < 64; ++index) {
    questions.push_back("Tell me about these words: " + filler(60, 100 + index));
    chat::Request request = question(questions.back(), kLength);
    request.sampling.ignore_eos = true;
    streams.push_back(engine_->start(request));
  }
  const PlainReference reference(test_model_path());
  int checked = 0;
  double worst = 0;
  for (int index = 0; index < 64; ++index) {
    const chat::Completion answer = chat::collect_blocking(*streams[index]);
    ASSERT_FALSE(answer.error) << index << ": " << answer.error->message;
    ASSERT_EQ(answer.choices[0].answer_tokens, kLength);
    // The text may tokenise differently from how it was written; such an answer cannot be replayed.
    if (index % 3 != 0) continue;  // a replay costs as much as the answer did
    const std::string& text = answer.choices[0].text;
    if (reference.tokens_of(text).size() != kLength) continue;
    const double regret = reference.worst_regret(questions[index], text);
    worst = std::max(worst, regret);
    ++checked;
  }
  EXPECT_LE(worst, 0.05);
  RecordProperty("worst_regret", fmt::format("{:.4f}", worst));
  EXPECT_GT(checked, 10);
  EXPECT_GT(counter("melete_set_aside_total"), 0) << "the pool was meant to be too small";
}

// Neither company nor the places of its cells in a pool full of holes change a bit of an answer.
TEST_F(PressureTest, ASeededAnswerIsTheSameAloneAndInACrowd) {
  load({.context_tokens = 512, .pool_tokens = 2048, .sequence_limit = 64, .prefix_store_bytes = 0});
  chat::Request seeded = question("Write a story: " + filler(40, 1), 32);
  seeded.sampling = {.temperature = 0.9, .seed = 11, .ignore_eos = true};
  const std::string alone = ask(seeded).choices[0].text;
  std::vector<std::unique_ptr<chat::Stream>> streams;
  for (int index = 0; index < 40; ++index) {
    if (index % 8 == 7) streams.push_back(engine_->start(seeded));
    // About 20 prompts are let in, and what they write is more than the rest of the pool.
    chat::Request other = question("Count: " + filler(40 + index, index), 48);
    other.sampling.ignore_eos = true;
    streams.push_back(engine_->start(other));
  }
  int same = 0;
  for (const auto& stream : streams) {
    const chat::Completion answer = chat::collect_blocking(*stream);
    ASSERT_FALSE(answer.error) << answer.error->message;
    same += answer.choices[0].text == alone;
  }
  EXPECT_EQ(same, 5);
  EXPECT_GT(counter("melete_set_aside_total"), 0) << "the pool was meant to be too small";
}

// What was set aside without a place for its cells is computed again, to the same answer.
TEST_F(PressureTest, AnAnswerWhoseCellsCouldNotBeSavedIsTheSame) {
  load({.context_tokens = 256,
        .pool_tokens = 512,
        .sequence_limit = 16,
        .prefix_store_bytes = 0,
        .saved_byte_limit = 0});
  std::vector<std::unique_ptr<chat::Stream>> streams;
  std::vector<chat::Request> requests;
  constexpr int kLength = 32;
  for (int index = 0; index < 12; ++index) {
    requests.push_back(question("Count: " + filler(40, index), kLength));
    requests.back().sampling = {.temperature = 0.9, .seed = 3, .ignore_eos = true};
    streams.push_back(engine_->start(requests.back()));
  }
  std::vector<std::string> texts;
  for (const auto& stream : streams) {
    const chat::Completion answer = chat::collect_blocking(*stream);
    ASSERT_FALSE(answer.error) << answer.error->message;
    EXPECT_EQ(answer.choices[0].answer_tokens, kLength);
    texts.push_back(answer.choices[0].text);
  }
  EXPECT_GT(counter("melete_set_aside_total"), 0) << "the pool was meant to be too small";
  EXPECT_EQ(ask(requests.front()).choices[0].text, texts.front());
  EXPECT_EQ(ask(requests.back()).choices[0].text, texts.back()) << "the youngest gives way first";
}

TEST_F(PressureTest, TooManyRequestsAreRefusedUntilOneEnds) {
  load({.job_limit = 2});
  chat::Request endless = question("Tell a story.", 100000);
  endless.sampling.ignore_eos = true;
  auto first = engine_->start(endless);
  const auto second = engine_->start(endless);
  const auto error_of_third = [&] { return ask(question("Say hello.", 4)).error; };
  const auto refused = error_of_third();
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, ErrorCode::Overloaded);
  first.reset();
  bool served = false;
  for (int look = 0; look < 1000 && !served; ++look) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    served = !error_of_third();
  }
  EXPECT_TRUE(served);
}

TEST_F(PressureTest, APromptCountsOnceThoughItsAnswersTakeTurns) {
  load({.sequence_limit = 1});
  chat::Request request = question("Name a colour. " + filler(100, 1), 4);
  const int64_t prompt_tokens = ask(request).usage.prompt_tokens;
  request.branches.resize(3);
  EXPECT_EQ(ask(request).usage.prompt_tokens, prompt_tokens);
}

TEST_F(PressureTest, AnAnswerThatNobodyReadsKeepsNobodyOut) {
  load({.context_tokens = 1024, .pool_tokens = 4096, .sequence_limit = 2});
  chat::Request unread = question("Tell a story.", 400);
  unread.branches.resize(2);
  unread.sampling.ignore_eos = true;
  const auto stream = engine_->start(unread);
  for (int look = 0; look < 6000 && counter("melete_written_tokens_total") < 250; ++look) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  chat::Request other = question("Say hello.", 4);
  other.limits.deadline = std::chrono::seconds(60);
  EXPECT_NE(ask(other).choices[0].finish_reason, chat::FinishReason::Deadline);
}

TEST_F(PressureTest, CancelledRequestsLeaveNothingBehind) {
  load({.context_tokens = 1024,
        .pool_tokens = 4096,
        .sequence_limit = 16,
        .prefix_store_bytes = 16 << 20});
  std::mt19937 random(7);
  int round = 0;
  const auto cancel_until = [&](int end) {
    for (; round < end; ++round) {
      chat::Request request = question(filler(10 + static_cast<int>(random() % 30), round), 12);
      request.branches.resize(1 + random() % 3);
      const auto stream = engine_->start(request);
      const auto patience = static_cast<int>(random() % 18);
      int events = 0;
      chat::collect_blocking(*stream, [&](const chat::Event&) {
        if (++events == patience) (void)stream->control(chat::Stop{});
      });
      if (round % 3 == 0) engine_->start(request);  // abandoned at once
    }
  };
  // A leak grows in every window; the allocator's own holes only in the first ones.
  double growth = 2;
  for (int window = 0; window < 3 && growth > 1.02; ++window) {
    cancel_until(round + 200);
    const double settled = resident_megabytes();
    cancel_until(round + 800);
    growth = resident_megabytes() / settled;
  }
  RecordProperty("growth", fmt::format("{:.4f}", growth));
  RecordProperty("rounds", round);
  EXPECT_LE(growth, 1.02);
  for (int attempt = 0; attempt < 200 && gauge("melete_choices_active") > 0; ++attempt) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(gauge("melete_choices_active"), 0);
  EXPECT_EQ(gauge("melete_choices_waiting"), 0);
  const chat::Completion after = ask(question("Say hello.", 8));
  EXPECT_FALSE(after.error);
  EXPECT_FALSE(after.choices[0].text.empty());
}

}  // namespace
}  // namespace melete::engine
