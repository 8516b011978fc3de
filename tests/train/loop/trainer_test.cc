// Steps, and runs that stop and go on.

#include "loop/trainer.h"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>
#include <limits>

#include "loop/checkpoint.h"
#include "train/full_disk.h"
#include "train/loop/loop_fixture.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;

void take_steps(Trainer& trainer, int steps) {
  for (int i = 0; i < steps; ++i) {
    const Result<StepReport> report = trainer.step();
    ASSERT_TRUE(report) << report.error().message;
  }
}

TEST(Trainer, TheLossFalls) {
  TinyRun run;
  const auto trainer = run.trainer();
  const double first = trainer->step()->loss;
  take_steps(*trainer, 18);
  const Result<StepReport> last = trainer->step();
  EXPECT_LT(last->loss, first - 1);
  EXPECT_EQ(last->step, 20);
  EXPECT_GT(last->taught, 0);
  EXPECT_LE(last->tokens, 2 * 128);
}

TEST(Trainer, TheSameSeedTakesTheSameSteps) {
  TinyRun one;
  TinyRun two;
  take_steps(*one.trainer(), 4);
  take_steps(*two.trainer(), 4);
  EXPECT_TRUE(same_weights(one.model, two.model));
}

TEST(Trainer, StopsAtANumberThatIsNotFiniteAndNamesIt) {
  TinyRun run;
  const auto trainer = run.trainer();
  take_steps(*trainer, 1);
  for (const Parameter& parameter : run.model.parameters().all()) {
    if (parameter.name != "blk.1.ffn_up.weight") continue;
    const torch::NoGradGuard guard;
    torch::Tensor(parameter.value)[0][0] = std::numeric_limits<float>::quiet_NaN();
  }
  const Result<StepReport> report = trainer->step();
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("Step 2"));
  EXPECT_EQ(report.error().parameter, "blk.1.ffn_up.weight");
  EXPECT_EQ(trainer->progress().step, 1);
}

TEST(Trainer, RowsTooShortForEveryExampleAreAnError) {
  TinyRun run({}, {.rows = 2, .length = 16});
  const Result<StepReport> report = run.trainer()->step();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().parameter, "batch.length");
}

TEST(Checkpoint, ARunGoesOnBitForBit) {
  const TemporaryFolder folder;
  TinyRun whole;
  take_steps(*whole.trainer(), 6);

  TinyRun stopped;
  const auto trainer = stopped.trainer();
  take_steps(*trainer, 3);
  ASSERT_TRUE(
      save_checkpoint(folder / "run.pt", stopped.model, stopped.optimiser, trainer->progress()));
  take_steps(*trainer, 1);  // lost when it is killed

  TinyRun resumed;
  const Result<Progress> progress =
      load_checkpoint(folder / "run.pt", resumed.model, resumed.optimiser);
  ASSERT_TRUE(progress) << progress.error().message;
  EXPECT_EQ(progress->step, 3);
  take_steps(*resumed.trainer(*progress), 3);
  EXPECT_TRUE(same_weights(whole.model, resumed.model));
}

TEST(Checkpoint, AnotherModelsIsRefusedAndChangesNothing) {
  const TemporaryFolder folder;
  TinyRun run;
  ASSERT_TRUE(save_checkpoint(folder / "run.pt", run.model, run.optimiser, {}));
  Model other(*model_config("S"), 1);
  const Model untouched(*model_config("S"), 1);
  Optimiser optimiser(other.parameters(), {});
  const Result<Progress> loaded = load_checkpoint(folder / "run.pt", other, optimiser);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, ErrorCode::Conflict);
  EXPECT_TRUE(same_weights(other, untouched));
}

TEST(Checkpoint, ItsWeightsAloneBeginAnotherRun) {
  const TemporaryFolder folder;
  TinyRun run;
  take_steps(*run.trainer(), 1);
  ASSERT_TRUE(save_checkpoint(folder / "run.pt", run.model, run.optimiser, {.step = 1}));
  Model other(tiny_config(), 2);
  ASSERT_TRUE(load_weights(folder / "run.pt", other));
  EXPECT_TRUE(same_weights(run.model, other));
  Model larger(*model_config("S"), 1);
  EXPECT_EQ(load_weights(folder / "run.pt", larger).error().code, ErrorCode::Conflict);
}

TEST(Checkpoint, ItsWeightsBeginARunWithALargerEyeButNotTheSameRun) {
  const TemporaryFolder folder;
  const Model model(*model_config("S"), 1);
  Model larger(
      [] {
        ModelConfig config = *model_config("S");
        config.vision->side *= 2;
        return config;
      }(),
      2);
  Optimiser optimiser(larger.parameters(), {});
  ASSERT_TRUE(
      save_checkpoint(folder / "run.pt", model, Optimiser(model.parameters(), {}), {.step = 1}));
  EXPECT_EQ(load_checkpoint(folder / "run.pt", larger, optimiser).error().code,
            ErrorCode::Conflict);
  EXPECT_TRUE(load_weights(folder / "run.pt", larger));
}

TEST(Checkpoint, ADamagedOneIsRefused) {
  const TemporaryFolder folder;
  TinyRun run;
  std::ofstream(folder / "run.pt") << "not a checkpoint";
  EXPECT_EQ(load_checkpoint(folder / "run.pt", run.model, run.optimiser).error().code,
            ErrorCode::Corrupt);
}

TEST(Checkpoint, AFullDiskLeavesTheLastOne) {
  const TemporaryFolder folder;
  TinyRun run;
  ASSERT_TRUE(save_checkpoint(folder / "run.pt", run.model, run.optimiser, {.step = 1}));
  const Result<void> saved = [&] {
    const FullDisk full(1000);
    return save_checkpoint(folder / "run.pt", run.model, run.optimiser, {.step = 2});
  }();
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().code, ErrorCode::StorageFull);
  EXPECT_EQ(load_checkpoint(folder / "run.pt", run.model, run.optimiser)->step, 1);
}

}  // namespace
}  // namespace melete::train
