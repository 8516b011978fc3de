// Steps of reinforcement: what they report, that they go on where they stopped, and what ends them.

#include "reinforce/reinforcer.h"

#include <gmock/gmock.h>

#include <limits>
#include <stdexcept>

#include "loop/checkpoint.h"
#include "train/loop/loop_fixture.h"
#include "train/reinforce/fake_task.h"
#include "train/temporary_folder.h"

namespace melete::train {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

// Right is every answer that ends in time.
std::shared_ptr<const Task> ending() {
  const auto make = [](Random& random) {
    const std::string question = std::to_string(random.between(0, 999));
    return Problem{.question = {question}, .answer = "so", .chat = true};
  };
  return std::make_shared<FakeTask>(make, [](const Problem&, std::string_view) { return true; });
}

// A tiny model that has learnt that answers end, and is rewarded; two of them with the same task
// take the same steps.
struct TinyReinforcement {
  explicit TinyReinforcement(const std::shared_ptr<const Task>& task = ending(),
                             PricingOptions pricing = {.arm = Arm::Added})
      : source(source_of(task)),
        reinforcer(learnt.model, language, optimiser, source, {0, 1, 2, 3, 4, 5, 6, 7},
                   {.questions = 4,
                    .answers = 4,
                    .examiner = {.most_tokens = 24, .verifier_deadline = std::chrono::minutes(1)},
                    .pricing = pricing,
                    .pool = {.least_solved = 0, .most_solved = 1},
                    .schedule = {.steps = 100, .warm_up = 0, .decay_share = 0},
                    .type = torch::kFloat}) {
    const auto trainer = learnt.trainer();
    for (int step = 0; step < 20; ++step) EXPECT_TRUE(trainer->step());
  }

  // Steps that may not fail; the last one's report.
  ReinforceReport take(int steps) {
    ReinforceReport last;
    for (int i = 0; i < steps; ++i) {
      const Result<ReinforceReport> report = reinforcer.step();
      EXPECT_TRUE(report) << report.error().message;
      if (report) last = *report;
    }
    return last;
  }

  TinyRun learnt;
  Model& model = learnt.model;
  Optimiser optimiser{model.parameters(),
                      {.matrices = MatrixMethod::AdamW,
                       .muon = {.learning_rate = 2e-3},
                       .embedding_rate = 2e-3,
                       .vector_rate = 2e-3}};
  OwnLanguage language{media_shape(model.config())};
  QuestionSource source;
  Reinforcer reinforcer;
};

TEST(Reinforcer, AStepTellsWhatItHasSeen) {
  TinyReinforcement run;
  const ReinforceReport report = run.take(1);
  EXPECT_EQ(report.step, 1);
  EXPECT_EQ(report.answers.count, 16);
  EXPECT_THAT(report.solve_rates, SizeIs(4));
  EXPECT_GT(report.answers.entropy, 1);
  EXPECT_LE(report.answers.tokens, 24);
  EXPECT_EQ(report.tokens, std::llround(16 * report.answers.tokens));
  EXPECT_GT(report.gradient_norm, 0);
  EXPECT_LT(report.gap, 1e-5);
  EXPECT_TRUE(report.priced);
}

TEST(Reinforcer, WhatIsRewardedBecomesLikelier) {
  TinyReinforcement run(ending(), {.price = {.weight = 0}});
  const double first = run.take(1).answers.right;
  run.take(40);
  EXPECT_GT(run.take(1).answers.right, first + 0.2);
}

TEST(Reinforcer, GoesOnBitForBit) {
  const TemporaryFolder folder;
  TinyReinforcement whole;
  whole.take(5);

  TinyReinforcement stopped;
  stopped.take(3);
  ASSERT_TRUE(save_checkpoint(folder / "run.pt", stopped.model, stopped.optimiser,
                              {.step = stopped.reinforcer.steps_done(),
                               .memory = write_json(stopped.reinforcer.memory())}));
  stopped.take(1);  // lost when it is killed

  TinyReinforcement resumed;
  const Result<Progress> progress =
      load_checkpoint(folder / "run.pt", resumed.model, resumed.optimiser);
  ASSERT_TRUE(progress) << progress.error().message;
  ASSERT_TRUE(resumed.reinforcer.restore(progress->step, *parse_json(progress->memory)));
  EXPECT_EQ(resumed.take(2).step, 5);
  EXPECT_TRUE(same_weights(whole.model, resumed.model));
  EXPECT_FALSE(same_weights(whole.model, stopped.model));
}

TEST(Reinforcer, GroupsThatAreAllWorthTheSameChangeNothing) {
  const auto never = std::make_shared<FakeTask>(
      echo(1000), [](const Problem&, std::string_view) { return false; });
  TinyReinforcement run(never, {});
  const ReinforceReport report = run.take(2);
  EXPECT_EQ(report.dropped, 4);
  EXPECT_EQ(report.gradient_norm, 0);
  EXPECT_TRUE(same_weights(run.model, TinyReinforcement().model));
}

TEST(Reinforcer, AVerifierThatThrowsEndsTheStep) {
  TinyReinforcement run(std::make_shared<FakeTask>(
      [](Random&) { return Problem{.question = {"?"}, .answer = "!", .chat = true}; },
      [](const Problem&, std::string_view) -> bool { throw std::runtime_error("broken"); }));
  const Result<ReinforceReport> report = run.reinforcer.step();
  ASSERT_FALSE(report);
  EXPECT_THAT(report.error().message, HasSubstr("broken"));
  EXPECT_EQ(run.reinforcer.steps_done(), 0);
}

TEST(Reinforcer, ANumberThatIsNotFiniteIsNamed) {
  TinyReinforcement run;
  for (const Parameter& parameter : run.model.parameters().all()) {
    if (parameter.name != "blk.1.ffn_up.weight") continue;
    const torch::NoGradGuard guard;
    torch::Tensor(parameter.value)[0][0] = std::numeric_limits<float>::quiet_NaN();
  }
  const Result<ReinforceReport> report = run.reinforcer.step();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().parameter, "blk.1.ffn_up.weight");
  EXPECT_THAT(report.error().message, HasSubstr("Step 1"));
}

TEST(Reinforcer, AMemoryOfAnotherPoolIsRefused) {
  TinyReinforcement run;
  Json memory = run.reinforcer.memory();
  memory["pool"]["back"].push_back(0);
  const Result<void> restored = run.reinforcer.restore(1, memory);
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().code, ErrorCode::Conflict);
}

}  // namespace
}  // namespace melete::train
