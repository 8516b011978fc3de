// The file that a run on open weights is made from: what is read, and what is refused by its key.

#include "commands/tune_config.h"

#include <gmock/gmock.h>

#include "train/commands/config_test.h"

namespace melete::train {
namespace {

using TuneConfigTest = ConfigTest<TuneConfig, read_tune_config>;

TEST_F(TuneConfigTest, ReadsEverySection) {
  const Result<TuneConfig> config = read(R"(
    folder = "tuned"
    model = "models/mine.gguf"
    steps = 30
    merged = true
    ear = "M"
    [adapter]
    rank = 8
    alpha = 24
    maps = ["attn_q", "attn_v"]
    [batch]
    rows = 2
    length = 128
    [optimiser]
    learning_rate = 0.001
    decay_share = 0.1
    [files]
    mine = {path = "mine.jsonl"}
  )");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->folder, folder_ / "tuned");
  EXPECT_EQ(config->base.model, folder_ / "models/mine.gguf");
  EXPECT_EQ(config->schedule.steps, 30);
  EXPECT_EQ(config->schedule.decay_share, 0.1);
  EXPECT_TRUE(config->base.merged);
  EXPECT_FALSE(config->base.vision);
  EXPECT_EQ(config->base.sound.value().channels, 32);
  EXPECT_EQ(config->base.adapter.rank, 8);
  EXPECT_EQ(config->base.adapter.alpha, 24);
  EXPECT_THAT(config->base.adapter.maps, testing::ElementsAre("attn_q", "attn_v"));
  EXPECT_EQ(config->batch.length, 128);
  EXPECT_EQ(config->optimiser.factor_rate, 0.001);
  EXPECT_EQ(config->sources.files.at("mine").path, folder_ / "mine.jsonl");
}

TEST_F(TuneConfigTest, AnAdapterIsOnEveryMapAndAModelMayBeNamed) {
  const Result<TuneConfig> config =
      read("folder = 'a'\nmodel = 'smollm2-135m'\n[tasks]\nabout_itself = {}");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->base.model, "smollm2-135m");
  EXPECT_EQ(config->base.adapter.rank, 16);
  EXPECT_EQ(config->base.adapter.maps.size(), 7U);
}

TEST_F(TuneConfigTest, NamesTheKeyThatIsWrong) {
  const std::string start = "folder = 'a'\nmodel = 'm'\n";
  for (const auto& [text, key] : std::initializer_list<std::pair<std::string, const char*>>{
           {"folder = 'a'", "model"},
           {start, "files"},
           {start + "eye = 'XL'", "eye"},
           {start + "ear = 3", "ear"},
           {start + "[adapter]\nrank = 0", "adapter.rank"},
           {start + "[adapter]\nmaps = 3", "adapter.maps"},
           {start + "[adapter]\nmaps = []", "adapter.maps"},
           {start + "[adapter]\nmaps = ['head']", "adapter.maps"},
           {start + "[optimiser]\nmatrix_rate = 1", "optimiser.matrix_rate"},
           {start + "[batch]\nlength = 3", "batch.length"}}) {
    const Result<TuneConfig> config = read(text);
    ASSERT_FALSE(config) << text;
    EXPECT_EQ(config.error().parameter, key) << config.error().message;
  }
}

}  // namespace
}  // namespace melete::train
