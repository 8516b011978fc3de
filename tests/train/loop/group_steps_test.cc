// Steps that several ranks take together are those of one process, and fail together.

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <vector>

#include "loop/trainer.h"
#include "train/loop/loop_fixture.h"
#include "train/parallel/ranks.h"

namespace melete::train {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

BatchShape part_for(const Group& group) {
  return {.rows = 4, .length = 128, .parts = group.size(), .part = group.rank()};
}

TEST(GroupSteps, AreThoseOfOneProcess) {
  TinyRun whole({}, {.rows = 4, .length = 128});
  const auto trainer = whole.trainer({}, whole.alone, torch::kFloat);
  std::vector<StepReport> expected;
  for (int i = 0; i < 4; ++i) expected.push_back(*trainer->step());
  as_ranks(2, [&](Group& group) {
    TinyRun run({}, part_for(group));
    const auto part = run.trainer({}, group, torch::kFloat);
    for (const StepReport& one : expected) {
      const Result<StepReport> step = part->step();
      ASSERT_TRUE(step) << step.error().message;
      EXPECT_NEAR(step->loss, one.loss, 1e-3 * one.loss);
      EXPECT_NEAR(step->gradient_norm, one.gradient_norm, 1e-2 * one.gradient_norm);
      EXPECT_EQ(step->tokens, one.tokens);
      EXPECT_EQ(step->taught, one.taught);
    }
    EXPECT_EQ(part->progress().next_example, trainer->progress().next_example);
  });
}

TEST(GroupSteps, LeaveTheSameWeightsInAllRanks) {
  std::vector<std::unique_ptr<TinyRun>> runs(2);
  as_ranks(2, [&](Group& group) {
    auto& run = runs[group.rank()];
    run = std::make_unique<TinyRun>(OptimiserOptions{}, part_for(group));
    const auto trainer = run->trainer({}, group, torch::kBFloat16);
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(trainer->step());
  });
  EXPECT_TRUE(same_weights(runs[0]->model, runs[1]->model));
}

TEST(GroupSteps, AWeightThatIsBrokenInOneRankEndsAllAndIsNamed) {
  as_ranks(2, [](Group& group) {
    TinyRun run({}, part_for(group));
    const auto trainer = run.trainer({}, group, torch::kFloat);
    ASSERT_TRUE(trainer->step());
    for (const Parameter& parameter : run.model.parameters().all()) {
      if (group.rank() == 0 || parameter.name != "blk.1.ffn_up.weight") continue;
      const torch::NoGradGuard guard;
      torch::Tensor(parameter.value)[0][0] = std::numeric_limits<float>::quiet_NaN();
    }
    const Result<StepReport> step = trainer->step();
    ASSERT_FALSE(step);
    EXPECT_EQ(step.error().parameter, "blk.1.ffn_up.weight");
    EXPECT_THAT(step.error().message,
                StartsWith(group.rank() == 0 ? "Rank 1: Step 2 is not finite" : "Step 2"));
  });
}

TEST(GroupSteps, ABatchThatOneRankCannotMakeEndsAll) {
  as_ranks(2, [](Group& group) {
    BatchShape shape = part_for(group);
    if (group.rank() == 1) shape.length = 16;
    TinyRun run({}, shape);
    const Result<StepReport> step = run.trainer({}, group, torch::kFloat)->step();
    ASSERT_FALSE(step);
    EXPECT_EQ(step.error().parameter, "batch.length");
    EXPECT_THAT(step.error().message,
                StartsWith(group.rank() == 0 ? "Rank 1: The last" : "The last"));
  });
}

TEST(GroupSteps, RanksThatReadDifferentDataAreStopped) {
  as_ranks(2, [](Group& group) {
    TinyRun run({}, part_for(group));
    const Progress elsewhere{.next_example = group.rank() == 0 ? 0U : 7U};
    const Result<StepReport> step = run.trainer(elsewhere, group, torch::kFloat)->step();
    ASSERT_FALSE(step);
    EXPECT_EQ(step.error().code, ErrorCode::Conflict);
    EXPECT_THAT(step.error().message, AllOf(HasSubstr("step 1"), HasSubstr("different data")));
  });
}

}  // namespace
}  // namespace melete::train
