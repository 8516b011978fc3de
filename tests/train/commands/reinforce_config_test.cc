// The file that a run of reinforcement is made from: what is read, and what is refused by its key.

#include "commands/reinforce_config.h"

#include <gtest/gtest.h>

#include "train/commands/config_test.h"

namespace melete::train {
namespace {

using ReinforceConfigTest = ConfigTest<ReinforceConfig, read_reinforce_config>;

TEST_F(ReinforceConfigTest, ReadsEverySection) {
  const Result<ReinforceConfig> config = read(R"(
    folder = "runs/shorter"
    start = "runs/first"
    seed = 7
    steps = 300
    precision = "f32"
    thinking = true
    [model]
    size = "M"
    [batch]
    questions = 8
    answers = 12
    most_tokens = 128
    [questions]
    pool = 500
    held_out = 32
    measure_every = 10
    least_solved = 0.2
    most_solved = 1
    verifier_deadline = 2.5
    [price]
    arm = "toggle"
    weight = 0.4
    period = 15
    [optimiser]
    rate = 0.0003
    warm_up = 2
    decay_share = 0.5
    [stops]
    patience = 30
    least_entropy = 0.02
    accuracy_drop = 0.2
    [data]
    handwritten_digits = "digits.csv"
    [tasks]
    maze = {weight = 2, hardest = 5}
    countdown = {}
    [files.mine]
    path = "mine.jsonl"
    verifier = ["python3", "check.py"]
  )");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->folder, folder_ / "runs/shorter");
  EXPECT_EQ(config->start, folder_ / "runs/first");
  EXPECT_EQ(config->seed, 7U);
  EXPECT_EQ(config->schedule.steps, 300);
  EXPECT_EQ(config->schedule.warm_up, 2);
  EXPECT_EQ(config->schedule.decay_share, 0.5);
  EXPECT_EQ(config->precision, Precision::Float);
  EXPECT_EQ(config->model.name, "M");
  EXPECT_TRUE(config->thinking);
  EXPECT_EQ(config->checkpoint_every, 20);
  EXPECT_EQ(config->questions, 8);
  EXPECT_EQ(config->answers, 12);
  EXPECT_EQ(config->most_tokens, 128);
  EXPECT_EQ(config->pool, 500);
  EXPECT_EQ(config->held_out, 32);
  EXPECT_EQ(config->measure_every, 10);
  EXPECT_EQ(config->solve_rates.least_solved, 0.2);
  EXPECT_EQ(config->solve_rates.most_solved, 1);
  EXPECT_EQ(config->verifier_deadline, 2.5);
  EXPECT_EQ(config->pricing.arm, Arm::Toggle);
  EXPECT_EQ(config->pricing.price.weight, 0.4);
  EXPECT_EQ(config->pricing.price.budget, 128);
  EXPECT_EQ(config->pricing.period, 15);
  EXPECT_EQ(config->rate, 0.0003);
  EXPECT_EQ(config->stops.patience, 30);
  EXPECT_EQ(config->stops.least_entropy, 0.02);
  EXPECT_EQ(config->stops.accuracy_drop, 0.2);
  const FileShare& mine = config->sources.files.at("mine");
  EXPECT_EQ(mine.verifier, (std::vector<std::string>{"python3", "check.py"}));
  EXPECT_EQ(mine.folder / "check.py", folder_ / "check.py");
  EXPECT_EQ(config->sources.real.handwritten_digits, folder_ / "digits.csv");
  EXPECT_EQ(config->sources.tasks.at("maze").difficulties.hardest, 5);
}

TEST_F(ReinforceConfigTest, OpenWeightsAndFilesAreNamed) {
  const Result<ReinforceConfig> config = read(R"(
    folder = "shorter"
    model = "models/mine.gguf"
    [adapter]
    rank = 8
    [files]
    mine = {path = "mine.jsonl", weight = 2}
  )");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->base.model, folder_ / "models/mine.gguf");
  EXPECT_EQ(config->base.adapter.rank, 8);
  EXPECT_EQ(config->sources.files.at("mine").path, folder_ / "mine.jsonl");
  EXPECT_TRUE(config->sources.tasks.empty());
}

TEST_F(ReinforceConfigTest, NamesTheKeyThatIsWrong) {
  const std::string good = "folder = 'a'\nstart = 'b'\n[tasks]\nmaze = {}\n";
  ASSERT_TRUE(read(good));
  for (const auto& [text, key] : std::initializer_list<std::pair<std::string, const char*>>{
           {"start = 'b'\n[tasks]\nmaze = {}", "folder"},
           {"folder = 'a'\n[tasks]\nmaze = {}", "start"},
           {"folder = 'a'\nstart = 'a'\n[tasks]\nmaze = {}", "start"},
           {"folder = 'a'\nstart = 'b'", "tasks"},
           {good + "[files]\nb = {weight = 2}", "files.b.path"},
           {good + "[data]\nshort_traces = 0.5", "data.short_traces"},
           {good + "[batch]\nanswers = 1", "batch.answers"},
           {good + "[batch]\nmost_tokens = 100000", "batch.most_tokens"},
           {good + "[questions]\npool = 8", "questions.pool"},
           {good + "[questions]\nmost_solved = 0.05", "questions.most_solved"},
           {good + "[questions]\nverifier_deadline = 0", "questions.verifier_deadline"},
           {good + "[price]\narm = 'free'", "price.arm"},
           {good + "[price]\nweight = 2", "price.weight"},
           {good + "[optimiser]\nmatrix_rate = 0.1", "optimiser.matrix_rate"},
           {good + "[stops]\npatience = 0", "stops.patience"}}) {
    const Result<ReinforceConfig> config = read(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, ErrorCode::InvalidArgument) << text;
    EXPECT_EQ(config.error().parameter, key) << config.error().message;
  }
}

}  // namespace
}  // namespace melete::train
