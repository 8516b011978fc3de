// What ends a run, and what does not.

#include "reinforce/stops.h"

#include <gmock/gmock.h>

namespace melete::train {
namespace {

using testing::HasSubstr;

ReinforceReport healthy() {
  ReinforceReport report{.step = 1, .answers = {.right = 0.5, .entropy = 0.3}, .reward = 0.5};
  report.solve_rates = {0.5, 1};
  report.dropped = 1;
  return report;
}

// What the third of three equal steps says.
Result<Course> after_three(const ReinforceReport& report) {
  Stops stops({.patience = 3});
  EXPECT_TRUE(stops.after_step(report));
  EXPECT_TRUE(stops.after_step(report));
  return stops.after_step(report);
}

TEST(Stops, AHealthyRunGoesOn) {
  EXPECT_TRUE(after_three(healthy()));
}

TEST(Stops, EveryAnswerCutOff) {
  ReinforceReport report = healthy();
  report.answers.truncated = 1;
  const Result<Course> stopped = after_three(report);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().parameter, "batch.most_tokens");
}

TEST(Stops, NothingToLearnFrom) {
  ReinforceReport report = healthy();
  report.dropped = 2;
  const Result<Course> stopped = after_three(report);
  ASSERT_FALSE(stopped);
  EXPECT_THAT(stopped.error().message, HasSubstr("50 % right"));
}

TEST(Stops, NothingLeftToLearnIsNoFailure) {
  ReinforceReport report = healthy();
  report.dropped = 2;
  report.answers.right = 1;
  const Result<Course> course = after_three(report);
  ASSERT_TRUE(course) << course.error().message;
  EXPECT_EQ(*course, Course::AtGoal);
  EXPECT_EQ(*after_three(healthy()), Course::GoesOn);
}

TEST(Stops, SureOfWhatIsWrong) {
  ReinforceReport report = healthy();
  report.answers.entropy = 0.0001;
  EXPECT_EQ(after_three(report).error().parameter, "optimiser.rate");
  report.answers.right = 0.95;
  EXPECT_TRUE(after_three(report)) << "sure of what is right";
}

TEST(Stops, OneGoodStepBeginsTheCountAnew) {
  ReinforceReport bad = healthy();
  bad.answers.truncated = 1;
  Stops stops({.patience = 2});
  EXPECT_TRUE(stops.after_step(bad));
  EXPECT_TRUE(stops.after_step(healthy()));
  EXPECT_TRUE(stops.after_step(bad));
  EXPECT_FALSE(stops.after_step(bad));
}

// Takes a step with this reward, then measures.
Result<void> measure(Stops& stops, double reward, double right) {
  ReinforceReport report = healthy();
  report.reward = reward;
  EXPECT_TRUE(stops.after_step(report));
  return stops.after_measure({.right = right});
}

TEST(Stops, ARewardThatRisesWhileHeldOutAnswersBecomeWrong) {
  Stops stops({.accuracy_drop = 0.1});
  EXPECT_TRUE(stops.after_measure({.right = 0.6}));
  EXPECT_TRUE(measure(stops, 0.5, 0.7));
  EXPECT_TRUE(measure(stops, 0.7, 0.62)) << "a small drop";
  const Result<void> stopped = measure(stops, 0.7, 0.55);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().parameter, "price.weight");
  EXPECT_THAT(stopped.error().message, HasSubstr("from 0.500 to 0.700"));
}

TEST(Stops, ARewardThatFallsWithTheAnswersIsNoHack) {
  Stops stops({.accuracy_drop = 0.1});
  EXPECT_TRUE(stops.after_measure({.right = 0.9}));
  EXPECT_TRUE(measure(stops, 0.8, 0.9));
  EXPECT_TRUE(measure(stops, 0.5, 0.4));
}

TEST(Stops, AMemoryGoesOnWhereItStopped) {
  Stops whole({.patience = 2, .accuracy_drop = 0.1});
  EXPECT_TRUE(whole.after_measure({.right = 0.6}));
  EXPECT_TRUE(measure(whole, 0.5, 0.7));
  ReinforceReport bad = healthy();
  bad.answers.truncated = 1;
  EXPECT_TRUE(whole.after_step(bad));
  Stops resumed({.patience = 2, .accuracy_drop = 0.1});
  resumed.restore(*parse_json(write_json(whole.memory())));
  EXPECT_FALSE(resumed.after_step(bad));
  EXPECT_TRUE(resumed.after_measure({.right = 0.5})) << "its reward was the same";
  EXPECT_FALSE(measure(resumed, 0.6, 0.5));
}

}  // namespace
}  // namespace melete::train
