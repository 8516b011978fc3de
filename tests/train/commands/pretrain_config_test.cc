// The file that a run is made from: what is read, and what is refused by its key.

#include "commands/pretrain_config.h"

#include <gtest/gtest.h>

#include "train/commands/config_test.h"

namespace melete::train {
namespace {

using PretrainConfigTest = ConfigTest<PretrainConfig, read_pretrain_config>;

TEST_F(PretrainConfigTest, ReadsEverySection) {
  const Result<PretrainConfig> config = read(R"(
    folder = "runs/first"
    seed = 7
    steps = 300
    precision = "f32"
    device = "cpu"
    start = "runs/zero"
    [model]
    size = "M"
    [batch]
    rows = 4
    length = 256
    [optimiser]
    matrix_rate = 0.01
    warm_up = 5
    [data]
    handwritten_digits = "digits.csv"
    [tasks]
    maze = {weight = 2, hardest = 5}
    countdown = {}
  )");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->folder, folder_ / "runs/first");
  EXPECT_EQ(config->seed, 7U);
  EXPECT_EQ(config->schedule.steps, 300);
  EXPECT_EQ(config->schedule.warm_up, 5);
  EXPECT_EQ(config->precision, Precision::Float);
  EXPECT_EQ(config->device, DeviceChoice::Processor);
  EXPECT_EQ(config->start, folder_ / "runs/zero");
  EXPECT_EQ(config->model.name, "M");
  EXPECT_EQ(config->batch.rows, 4);
  EXPECT_EQ(config->optimiser.muon.learning_rate, 0.01);
  EXPECT_EQ(config->sources.real.handwritten_digits, folder_ / "digits.csv");
  ASSERT_EQ(config->sources.tasks.size(), 2U);
  EXPECT_EQ(config->sources.tasks.at("maze").difficulties.hardest, 5);
}

TEST_F(PretrainConfigTest, NamesTheKeyThatIsWrong) {
  for (const auto& [text, key] : std::initializer_list<std::pair<const char*, const char*>>{
           {"steps = 5", "folder"},
           {"folder = 'a'\nstep = 5", "step"},
           {"folder = 'a'\nsteps = 0", "steps"},
           {"folder = 'a'\nsteps = 1.5", "steps"},
           {"folder = 'a'\nmodel = 3", "model"},
           {"folder = 'a'\nprecision = 'f64'", "precision"},
           {"folder = 'a'\nprecision = 16", "precision"},
           {"folder = 'a'\ndevice = 'gpu'", "device"},
           {"folder = 'a'\n[model]\nsize = 'XL'", "model.size"},
           {"folder = 'a'\n[model]\neye_side = 100", "model.eye_side"},
           {"folder = 'a'\n[model]\neye_side = 1600", "model.eye_side"},
           {"folder = 'a'\n[batch]\nlength = 1000000", "batch.length"},
           {"folder = 'a'\n[optimiser]\nmomentum = 2", "optimiser.momentum"},
           {"folder = 'a'\n[tasks]\nmaze = 3", "tasks.maze"},
           {"folder = 'a'\n[tasks]\nmaze = {easiest = 5, hardest = 2}", "tasks.maze.hardest"},
           {"folder = 'a'\n[tasks]\nmaze = {colour = 1}", "tasks.maze.colour"}}) {
    const Result<PretrainConfig> config = read(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().code, ErrorCode::InvalidArgument) << text;
    EXPECT_EQ(config.error().parameter, key) << config.error().message;
  }
}

TEST_F(PretrainConfigTest, ABrokenFileIsNamedWithItsLine) {
  const Result<PretrainConfig> config = read("folder = 'a'\nsteps = = 3\n");
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().message.find("settings.toml:2"), std::string::npos)
      << config.error().message;
  EXPECT_EQ(read_pretrain_config(folder_ / "none.toml").error().code, ErrorCode::NotFound);
}

}  // namespace
}  // namespace melete::train
