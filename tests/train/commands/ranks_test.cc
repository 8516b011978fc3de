// The program as several processes, as a launcher starts them.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <vector>

#include "base/json.h"
#include "commands/pretraining.h"
#include "train/commands/process.h"
#include "train/files.h"
#include "train/parallel/ranks.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::Each;
using testing::HasSubstr;

struct RunSettings {
  std::string folder;
  int steps = 8;
  int rows = 2;
  int seed = 1;
};

class RanksTest : public testing::Test {
 protected:
  std::string config(const RunSettings& settings) {
    const std::filesystem::path file = folder_ / (settings.folder + ".toml");
    std::ofstream(file) << fmt::format(R"(
      folder = "{}"
      steps = {}
      seed = {}
      threads = 1
      precision = "f32"
      checkpoint_every = 4
      [batch]
      rows = {}
      length = 128
      [optimiser]
      decay_share = 0
      [tasks]
      about_itself = {{}}
      modular_chain = {{hardest = 2}}
    )",
                                       settings.folder, settings.steps, settings.seed,
                                       settings.rows);
    return file;
  }

  // One process for each configuration, which meet.
  std::vector<std::unique_ptr<Process>> start(const std::vector<std::string>& configs) {
    const uint16_t port = free_port();
    std::vector<std::unique_ptr<Process>> ranks;
    for (size_t rank = 0; rank < configs.size(); ++rank) {
      ranks.push_back(std::make_unique<Process>(
          std::vector<std::string>{"pretrain", "--config", configs[rank]},
          ProcessOptions{
              .environment = {fmt::format("RANK={}", rank),
                              fmt::format("WORLD_SIZE={}", configs.size()), "MASTER_ADDR=127.0.0.1",
                              fmt::format("MASTER_PORT={}", port)},
              .errors = errors_of(rank)}));
    }
    return ranks;
  }

  std::vector<int> run(const std::vector<std::string>& configs) {
    std::vector<int> statuses;
    for (const auto& rank : start(configs)) statuses.push_back(WEXITSTATUS(rank->wait()));
    return statuses;
  }

  std::filesystem::path errors_of(size_t rank) const {
    return folder_ / fmt::format("errors-{}", rank);
  }

  std::vector<double> losses(const std::string& folder) const {
    std::vector<double> all;
    std::ifstream log(folder_ / folder / kLogFile);
    for (std::string line; std::getline(log, line);) {
      all.push_back(parse_json(line)->at("loss").get<double>());
    }
    return all;
  }

  TemporaryFolder folder_;
};

TEST_F(RanksTest, TwoProcessesTrainAsOneDoes) {
  EXPECT_THAT(run({config({"one"})}), Each(0));
  const std::string together = config({"two"});
  EXPECT_THAT(run({together, together}), Each(0)) << content_of(errors_of(1));
  const std::vector<double> expected = losses("one");
  const std::vector<double> actual = losses("two");
  ASSERT_EQ(expected.size(), 8U);
  ASSERT_EQ(actual.size(), 8U) << "one process writes";
  for (size_t i = 0; i < 8; ++i) EXPECT_NEAR(actual[i], expected[i], 0.01 * expected[i]) << i;
  EXPECT_TRUE(std::filesystem::exists(folder_ / "two" / kDecoderFile));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "two" / kProjectorFile));
  EXPECT_EQ(content_of(errors_of(1)), "") << "one process tells how far they are";
}

TEST_F(RanksTest, OneThatIsKilledEndsTheOtherAndBothGoOnBitForBit) {
  const std::string whole = config({.folder = "whole", .steps = 60});
  EXPECT_THAT(run({whole, whole}), Each(0));

  const std::string endless = config({.folder = "killed", .steps = 1'000'000});
  const auto ranks = start({endless, endless});
  const bool saved = appears(folder_ / "killed" / kCheckpointFile);
  ranks[1]->kill_it();
  EXPECT_TRUE(WIFSIGNALED(ranks[1]->wait()));
  EXPECT_EQ(WEXITSTATUS(ranks[0]->wait()), 1);
  ASSERT_TRUE(saved) << content_of(errors_of(0));
  EXPECT_THAT(content_of(errors_of(0)), HasSubstr("Rank 0 has lost the others"));

  const std::string resumed = config({.folder = "killed", .steps = 60});
  EXPECT_THAT(run({resumed, resumed}), Each(0)) << content_of(errors_of(1));
  const std::string expected = content_of(folder_ / "whole" / kDecoderFile);
  EXPECT_GT(expected.size(), 100'000U);
  EXPECT_TRUE(expected == content_of(folder_ / "killed" / kDecoderFile));
  EXPECT_EQ(losses("killed").size(), 60U);
}

TEST_F(RanksTest, RowsThatCannotBeDividedAreRefused) {
  const std::string odd = config({.folder = "odd", .rows = 3});
  EXPECT_THAT(run({odd, odd}), Each(1));
  EXPECT_THAT(content_of(errors_of(0)), HasSubstr("batch.rows is 3"));
}

TEST_F(RanksTest, OtherSettingsInOneRankAreRefused) {
  EXPECT_THAT(run({config({"first"}), config({.folder = "second", .seed = 2})}), Each(1));
  for (const size_t rank : {0, 1}) {
    EXPECT_THAT(content_of(errors_of(rank)), HasSubstr("Rank 1 begins with other settings"));
  }
}

}  // namespace
}  // namespace melete::train
