// The whole path: a model that thinks aloud is trained, a price shortens its thoughts, and the
// engine answers in fewer tokens. And the program itself, killed and started again.

#include "commands/reinforcement.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "base/json.h"
#include "chat/collect.h"
#include "commands/pretraining.h"
#include "engine/engine.h"
#include "train/commands/process.h"
#include "train/files.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

class ReinforcementTest : public testing::Test {
 protected:
  std::filesystem::path write_config(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  // The lines of a run's measures, each an object.
  std::vector<Json> measures(const std::string& run) {
    std::vector<Json> lines;
    std::ifstream in(folder_ / run / kHeldOutFile);
    for (std::string line; std::getline(in, line);) {
      const Result<Json> parsed = parse_json(line);
      EXPECT_TRUE(parsed) << line;
      if (parsed) lines.push_back(*parsed);
    }
    return lines;
  }

  TemporaryFolder folder_;
};

struct Served {
  int64_t right = 0;
  int64_t tokens = 0;
};

// The products of small numbers, as the engine says them.
Served served_by(const std::filesystem::path& folder) {
  engine::EngineOptions options;
  options.name = "nano";
  options.model = folder / kDecoderFile;
  options.projector = folder / kProjectorFile;
  options.threads = 1;
  options.step_costs = {{1, 1.0}};
  const Result<std::unique_ptr<engine::Engine>> engine = engine::Engine::load(options);
  EXPECT_TRUE(engine) << engine.error().message;
  Served served;
  for (int first = 2; engine && first <= 9; ++first) {
    chat::Request request;
    request.model = "nano";
    request.messages.push_back(
        chat::text_message(chat::Role::User, fmt::format("What is {} * {}?", first, 11 - first)));
    request.sampling.temperature = 0;
    request.limits.answer_tokens = 200;
    const chat::Completion answer = chat::collect_blocking(*(*engine)->start(request));
    EXPECT_FALSE(answer.error) << answer.error->message;
    const chat::Choice& choice = answer.choices[0];
    served.tokens += choice.reasoning_tokens + choice.answer_tokens;
    const std::string expected = fmt::format("Answer: {}", first * (11 - first));
    served.right += choice.text.ends_with(expected) ? 1 : 0;
  }
  return served;
}

// One thread: on a machine that is busy two would wait for each other more than they compute.
TEST_F(ReinforcementTest, APriceShortensThoughtsAndTheEngineAnswersInFewerTokens) {
  const Result<PretrainConfig> first = read_pretrain_config(write_config("run.toml", R"(
    folder = "first"
    steps = 150
    threads = 1
    [batch]
    rows = 8
    length = 256
    [data]
    short_traces = 0.2
    long_traces = 0.6
    [tasks]
    multiplication = {hardest = 1}
  )"));
  ASSERT_TRUE(first) << first.error().message;
  Group alone;
  const Result<void> pretrained = pretrain(*first, alone, [](std::string_view) {});
  ASSERT_TRUE(pretrained) << pretrained.error().message;

  const Result<ReinforceConfig> config = read_reinforce_config(write_config("shorter.toml", R"(
    folder = "shorter"
    start = "first"
    steps = 20
    threads = 1
    [batch]
    questions = 8
    answers = 8
    most_tokens = 64
    [questions]
    held_out = 48
    most_solved = 1
    measure_every = 10
    [price]
    weight = 0.4
    [optimiser]
    rate = 0.0005
    [tasks]
    multiplication = {hardest = 1}
  )"));
  ASSERT_TRUE(config) << config.error().message;
  const Result<void> done = reinforce(*config, [](std::string_view) {});
  ASSERT_TRUE(done) << done.error().message;

  const std::vector<Json> held_out = measures("shorter");
  ASSERT_EQ(held_out.size(), 3U);
  const Json& before = held_out.front();
  const Json& after = held_out.back();
  EXPECT_LT(after["thinking_tokens"].get<double>(), 0.6 * before["thinking_tokens"].get<double>());
  EXPECT_GE(after["right"].get<double>(), before["right"].get<double>() - 0.1);
  EXPECT_EQ(after["by_difficulty"]["1"]["right"], after["right"]) << "there is no other difficulty";

  const Served long_ones = served_by(folder_ / "first");
  const Served short_ones = served_by(folder_ / "shorter");
  EXPECT_LT(short_ones.tokens, 0.7 * static_cast<double>(long_ones.tokens));
  EXPECT_GE(short_ones.right, long_ones.right - 1);
}

// The price is subtracted, so that a model that is never right has something to learn too.
TEST_F(ReinforcementTest, AKilledRunGoesOnBitForBit) {
  Process first({"pretrain", "--config", write_config("first.toml", R"(
    folder = "first"
    steps = 20
    threads = 1
    [batch]
    rows = 2
    length = 256
    [tasks]
    multiplication = {hardest = 1}
  )")});
  ASSERT_EQ(first.wait(), 0);
  const auto config = [](const std::string& folder, int steps) {
    return fmt::format(R"(
      folder = "{}"
      start = "first"
      steps = {}
      threads = 1
      checkpoint_every = 3
      [batch]
      questions = 4
      answers = 4
      most_tokens = 24
      [questions]
      pool = 16
      held_out = 4
      measure_every = 5
      [price]
      arm = "added"
      weight = 1
      [stops]
      patience = 1000000
      accuracy_drop = 1
      [tasks]
      multiplication = {{hardest = 1}}
    )",
                       folder, steps);
  };
  Process whole({"reinforce", "--config", write_config("whole.toml", config("whole", 40))});
  EXPECT_EQ(whole.wait(), 0);

  Process killed(
      {"reinforce", "--config", write_config("endless.toml", config("killed", 1'000'000))});
  const bool saved = appears(folder_ / "killed/checkpoint.pt");
  killed.kill_it();
  EXPECT_TRUE(WIFSIGNALED(killed.wait()));
  ASSERT_TRUE(saved);
  Process resumed({"reinforce", "--config", write_config("resumed.toml", config("killed", 40))});
  EXPECT_EQ(resumed.wait(), 0);

  const std::string expected = content_of(folder_ / "whole" / kDecoderFile);
  EXPECT_GT(expected.size(), 100'000U);
  EXPECT_TRUE(expected == content_of(folder_ / "killed" / kDecoderFile));
  EXPECT_FALSE(expected == content_of(folder_ / "first" / kDecoderFile));
  EXPECT_EQ(std::ranges::count(content_of(folder_ / "killed/log.jsonl"), '\n'), 40);
  EXPECT_EQ(measures("killed"), measures("whole"));
}

// Our own model's file serves as open weights, and items of an evaluation as questions.
TEST_F(ReinforcementTest, AnAdapterLearnsBesideOpenWeights) {
  const Result<PretrainConfig> first = read_pretrain_config(write_config("first.toml", R"(
    folder = "first"
    steps = 40
    threads = 1
    [batch]
    rows = 4
    length = 256
    [tasks]
    addition = {hardest = 1}
  )"));
  ASSERT_TRUE(first) << first.error().message;
  Group alone;
  const Result<void> pretrained = pretrain(*first, alone, [](std::string_view) {});
  ASSERT_TRUE(pretrained) << pretrained.error().message;
  std::ofstream items(folder_ / "sums.jsonl");
  for (int i = 0; i < 30; ++i) {
    items << fmt::format(R"({{"question": "What is {} + {}?", "answer": "{}"}})", i % 5, i % 7,
                         i % 5 + i % 7)
          << '\n';
  }
  items.close();
  const Result<ReinforceConfig> config = read_reinforce_config(write_config("open.toml", R"(
    folder = "open"
    model = "first/model.gguf"
    steps = 4
    threads = 1
    [adapter]
    rank = 4
    [batch]
    questions = 4
    answers = 4
    most_tokens = 24
    [questions]
    pool = 16
    held_out = 4
    measure_every = 2
    [price]
    arm = "added"
    weight = 1
    [optimiser]
    rate = 0.01
    [stops]
    patience = 1000000
    accuracy_drop = 1
    [files]
    sums = {path = "sums.jsonl"}
  )"));
  ASSERT_TRUE(config) << config.error().message;
  const Result<void> done = reinforce(*config, [](std::string_view) {});
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_GT(content_of(folder_ / "open" / kAdapterFile).size(), 10'000U);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "open" / kDecoderFile));
  ASSERT_EQ(measures("open").size(), 3U);
  std::istringstream log(content_of(folder_ / "open" / std::string(kLogFile)));
  for (std::string line; std::getline(log, line);) {
    EXPECT_LT(parse_json(line)->at("sampler_gap").get<double>(), 0.05) << line;
  }
}

TEST_F(ReinforcementTest, WhatItCannotBeginWithIsAnError) {
  const auto error_of = [&](const std::string& task) {
    const Result<ReinforceConfig> config = read_reinforce_config(write_config(
        "run.toml", fmt::format("folder = 'run'\nstart = 'none'\n[questions]\npool = 16\n"
                                "[tasks]\n{} = {{}}",
                                task)));
    EXPECT_TRUE(config) << config.error().message;
    const Result<void> done = reinforce(*config, [](std::string_view) {});
    EXPECT_FALSE(done);
    return done ? Error{} : done.error();
  };
  EXPECT_EQ(error_of("modular_chain").parameter, "start");
  EXPECT_EQ(error_of("chess").parameter, "tasks.chess");
  EXPECT_EQ(error_of("about_itself").code, ErrorCode::InvalidArgument) << "it is asked too little";
}

}  // namespace
}  // namespace melete::train
