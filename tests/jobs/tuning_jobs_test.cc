// Jobs from their making to their end, over a program that stands for melete-train.

#include "jobs/tuning_jobs.h"

#include <gmock/gmock.h>

#include <csignal>

#include "jobs/fake_trainer.h"

namespace melete::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class TuningJobsTest : public TuningFixture {
 protected:
  Error refusal(const std::string& data, TuningWish wish = {.model = "tiny"}) {
    const auto job = jobs_->create(std::move(wish), "alice", data);
    EXPECT_FALSE(job);
    return job ? Error{} : job.error();
  }

  // Waits until the program has begun, and not only the job.
  void await_run(const std::string& id) {
    await(id, TuningStatus::Running);
    for (int look = 0; look < 1000 && runs_of(id).empty(); ++look) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  std::string runs_of(const std::string& id) const {
    std::ifstream file(jobs_folder() / id / "runs");
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

TEST_F(TuningJobsTest, AJobEndsWithAServedModel) {
  const TuningJob made = make(kExample, {.model = "tiny", .suffix = "poet"});
  EXPECT_GT(made.steps, 0);
  EXPECT_FALSE(made.finished_at);
  const TuningJob job = await(made.id, TuningStatus::Succeeded);
  EXPECT_TRUE(job.finished_at);
  EXPECT_EQ(job.problem, "");
  EXPECT_THAT(served(), ElementsAre("tiny:poet"));
  EXPECT_THAT(jobs_->steps(job.id, "alice").value(), SizeIs(2));
  EXPECT_EQ(runs_of(job.id), "tune\n");
}

TEST_F(TuningJobsTest, AJobWithoutASuffixNamesItsModelAfterItself) {
  const TuningJob job = make(kExample);
  await(job.id, TuningStatus::Succeeded);
  EXPECT_THAT(served(), ElementsAre("tiny:" + job.id));
}

TEST_F(TuningJobsTest, TheMethodChoosesTheCommand) {
  const TuningJob job = make(R"({"question": "2+2?", "answer": 4})",
                             {.model = "tiny", .method = TuningMethod::Reinforcement});
  await(job.id, TuningStatus::Succeeded);
  EXPECT_EQ(runs_of(job.id), "reinforce\n");
}

TEST_F(TuningJobsTest, WhatTheProgramSaysLastIsWhyAJobFailed) {
  const TuningJob job = await(make(data_with("FAIL")).id, TuningStatus::Failed);
  EXPECT_EQ(job.problem, "the model is of another kind.");
  EXPECT_TRUE(job.finished_at);
  EXPECT_THAT(served(), IsEmpty());
}

TEST_F(TuningJobsTest, AProgramThatIsGoneFailsTheJob) {
  std::filesystem::remove(trainer());
  const TuningJob job = await(make(kExample).id, TuningStatus::Failed);
  EXPECT_NE(job.problem, "");
}

TEST_F(TuningJobsTest, AnAdapterThatCannotBeServedFailsTheJob) {
  {
    const std::lock_guard lock(mutex_);
    refuses_ = true;
  }
  EXPECT_EQ(await(make(kExample).id, TuningStatus::Failed).problem, "the adapter is damaged");
}

TEST_F(TuningJobsTest, JobsRunOneAfterTheOther) {
  const TuningJob slow = make(data_with("SLOW"));
  await(slow.id, TuningStatus::Running);
  const TuningJob next = make(kExample);
  EXPECT_EQ(jobs_->find(next.id, "alice")->status, TuningStatus::Queued);
  EXPECT_TRUE(jobs_->cancel(slow.id, "alice"));
  await(next.id, TuningStatus::Succeeded);
}

TEST_F(TuningJobsTest, ACancelledJobEndsAtOnceAndStaysEnded) {
  const TuningJob job = make(data_with("SLOW"));
  await(job.id, TuningStatus::Running);
  EXPECT_EQ(jobs_->cancel(job.id, "alice")->status, TuningStatus::Cancelled);
  const auto again = jobs_->cancel(job.id, "alice");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, ErrorCode::Conflict);
  await(make(kExample).id, TuningStatus::Succeeded);
  EXPECT_EQ(jobs_->find(job.id, "alice")->status, TuningStatus::Cancelled);
}

TEST_F(TuningJobsTest, ACancelledJobThatWaitsNeverRuns) {
  const TuningJob slow = make(data_with("SLOW"));
  const TuningJob waiting = make(kExample);
  EXPECT_TRUE(jobs_->cancel(waiting.id, "alice"));
  EXPECT_TRUE(jobs_->cancel(slow.id, "alice"));
  await(make(kExample).id, TuningStatus::Succeeded);
  EXPECT_EQ(runs_of(waiting.id), "");
}

TEST_F(TuningJobsTest, AJobWhoseModelIsBeingServedCannotBeCancelled) {
  {
    const std::lock_guard lock(mutex_);
    cancels_ = true;
  }
  await(make(kExample).id, TuningStatus::Succeeded);
  const std::lock_guard lock(mutex_);
  EXPECT_FALSE(cancelled_);
}

TEST_F(TuningJobsTest, WhatAJobWithoutAModelWasTaughtFromIsForgotten) {
  const TuningJob slow = make(data_with("SLOW"));
  const TuningJob waiting = make(kExample);
  await(slow.id, TuningStatus::Running);
  EXPECT_TRUE(jobs_->cancel(waiting.id, "alice"));
  EXPECT_FALSE(std::filesystem::exists(jobs_folder() / waiting.id / "data.jsonl"));
  EXPECT_TRUE(jobs_->cancel(slow.id, "alice"));
  const TuningJob failed = make(data_with("FAIL"));
  await(failed.id, TuningStatus::Failed);
  const TuningJob taught = make(kExample);
  await(taught.id, TuningStatus::Succeeded);
  for (const TuningJob& job : {slow, failed}) {
    EXPECT_FALSE(std::filesystem::exists(jobs_folder() / job.id / "data.jsonl"));
    EXPECT_FALSE(std::filesystem::exists(jobs_folder() / job.id / "run" / "adapter.gguf"));
  }
  EXPECT_THAT(jobs_->steps(failed.id, "alice").value(), SizeIs(1)) << "its log stays";
  EXPECT_TRUE(std::filesystem::exists(jobs_folder() / taught.id / "data.jsonl"));
}

// As a server's end and its next start do.
TEST_F(TuningJobsTest, AJobThatRanGoesOnAfterARestart) {
  const TuningJob job = make(data_with("SLOW"));
  await_run(job.id);
  jobs_.reset();
  std::ofstream(jobs_folder() / job.id / "go") << "now";
  open();
  await(job.id, TuningStatus::Succeeded);
  EXPECT_EQ(runs_of(job.id), "tune\ntune\n");
}

// As a service manager ends both: which of them acts on it first is open.
TEST_F(TuningJobsTest, AJobWhoseProgramIsEndedWithTheServerGoesOnAfterARestart) {
  const TuningJob job = make(data_with("SLOW"));
  await_run(job.id);
  pid_t program = 0;
  std::ifstream(jobs_folder() / job.id / "pid") >> program;
  ASSERT_GT(program, 0);
  ASSERT_EQ(kill(program, SIGTERM), 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  jobs_->stop();
  jobs_.reset();
  std::ofstream(jobs_folder() / job.id / "go") << "now";
  open();
  await(job.id, TuningStatus::Succeeded);
  EXPECT_EQ(runs_of(job.id), "tune\ntune\n");
}

TEST_F(TuningJobsTest, AJobWaitsForAServerWithItsModel) {
  const TuningJob job = make(data_with("SLOW"));
  await_run(job.id);
  jobs_.reset();
  std::ofstream(jobs_folder() / job.id / "go") << "now";
  model_ = "other";
  open();
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(jobs_->find(job.id, "alice")->status, TuningStatus::Queued);
  EXPECT_EQ(runs_of(job.id), "tune\n");
  model_ = "tiny";
  open();
  await(job.id, TuningStatus::Succeeded);
}

TEST_F(TuningJobsTest, AModelIsServedAgainAfterARestart) {
  const TuningJob job = make(kExample, {.model = "tiny", .suffix = "poet"});
  await(job.id, TuningStatus::Succeeded);
  open();
  EXPECT_THAT(served(), ElementsAre("tiny:poet", "tiny:poet"));
  EXPECT_EQ(jobs_->find(job.id, "alice")->status, TuningStatus::Succeeded);
  EXPECT_EQ(runs_of(job.id), "tune\n") << "it is not run again";
}

TEST_F(TuningJobsTest, ADamagedJobIsPassedOver) {
  const TuningJob job = make(kExample);
  await(job.id, TuningStatus::Succeeded);
  jobs_.reset();
  std::ofstream(jobs_folder() / job.id / "job.json") << "{";
  open();
  EXPECT_THAT(jobs_->list("alice"), IsEmpty());
}

TEST_F(TuningJobsTest, JobsBelongToTheirOwner) {
  const TuningJob job = make(kExample);
  EXPECT_THAT(jobs_->list("bob"), IsEmpty());
  EXPECT_EQ(jobs_->find(job.id, "bob").error().code, ErrorCode::NotFound);
  EXPECT_EQ(jobs_->cancel(job.id, "bob").error().code, ErrorCode::NotFound);
  EXPECT_EQ(jobs_->steps(job.id, "bob").error().code, ErrorCode::NotFound);
}

TEST_F(TuningJobsTest, WhatCannotBeTaughtIsRefused) {
  EXPECT_EQ(refusal(kExample, {.model = "huge"}).parameter, "model");
  EXPECT_EQ(refusal("").parameter, "training_file");
  const TuningWish poet{.model = "tiny", .suffix = "poet"};
  make(data_with("SLOW"), poet);
  EXPECT_EQ(refusal(kExample, poet).code, ErrorCode::Conflict);
}

TEST_F(TuningJobsTest, ANameThatIsServedIsRefused) {
  EXPECT_EQ(refusal(kExample, {.model = "tiny", .suffix = "sql"}).code, ErrorCode::Conflict)
      << "an adapter that the server was started with";
  const TuningWish poet{.model = "tiny", .suffix = "poet"};
  await(make(kExample, poet).id, TuningStatus::Succeeded);
  EXPECT_EQ(refusal(kExample, poet).code, ErrorCode::Conflict);
}

TEST_F(TuningJobsTest, ANameIsFreeAgainWhereItsJobFailed) {
  const TuningWish poet{.model = "tiny", .suffix = "poet"};
  await(make(data_with("FAIL"), poet).id, TuningStatus::Failed);
  await(make(kExample, poet).id, TuningStatus::Succeeded);
}

TEST_F(TuningJobsTest, TooManyThatWaitAreRefused) {
  await(make(data_with("SLOW")).id, TuningStatus::Running);
  for (int waiting = 0; waiting < 3; ++waiting) make(kExample);
  EXPECT_EQ(refusal(kExample).code, ErrorCode::Overloaded);
}

}  // namespace
}  // namespace melete::jobs
