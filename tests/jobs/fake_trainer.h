// Tuning jobs over a program that stands for melete-train: a script that does what a word in the
// training data says.

#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "jobs/tuning_jobs.h"
#include "store/stored_things.h"

namespace melete::jobs {

// Tells two steps and writes an adapter. Data with "FAIL" makes it end with an error, data with
// "SLOW" makes it wait between the steps until it is ended, and data with "EMPTY" leaves no adapter
// that could be served.
constexpr const char* kFakeTrainer = R"sh(#!/bin/sh
folder=$(dirname "$3")
mkdir -p "$folder/run"
echo $$ > "$folder/pid"
echo "$1" >> "$folder/runs"
echo '{"step":1,"loss":2.5,"tokens":100,"tokens_per_second":50.0}' > "$folder/run/log.jsonl"
if grep -q FAIL "$folder/data.jsonl"; then
  echo "step 1 of 4" >&2
  echo "melete-train $1: the model is of another kind." >&2
  exit 1
fi
if grep -q SLOW "$folder/data.jsonl"; then
  [ -f "$folder/go" ] || exec sleep 60
fi
echo '{"step":2,"loss":1.25,"tokens":100,"tokens_per_second":50.0}' >> "$folder/run/log.jsonl"
echo adapter > "$folder/run/adapter.gguf"
)sh";

constexpr const char* kExample =
    R"({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}]})"
    "\n";

// Data that makes the fake trainer do something.
inline std::string data_with(const std::string& word) {
  return kExample + (R"({"text": ")" + word + "\"}\n");
}

class TuningFixture : public testing::Test {
 protected:
  TuningFixture() {
    std::ofstream(trainer()) << kFakeTrainer;
    std::filesystem::permissions(trainer(), std::filesystem::perms::owner_all);
    open();
  }

  std::filesystem::path trainer() const { return folder_.path() / "melete-train"; }
  std::filesystem::path jobs_folder() const { return folder_.path() / "tuning"; }

  void open() {
    jobs_.reset();
    auto opened = TuningJobs::open(
        {.trainer = trainer(),
         .folder = jobs_folder(),
         .file_of = [this](const std::string& model) -> Result<std::filesystem::path> {
           if (model == model_) return "/models/tiny.gguf";
           return fail(ErrorCode::NotFound, "no such model", "model");
         },
         .serve = [this](const std::string& model, const std::string& name,
                         const std::filesystem::path& adapter) -> Result<void> {
           std::unique_lock lock(mutex_);
           if (refuses_) return fail(ErrorCode::Corrupt, "the adapter is damaged");
           EXPECT_TRUE(std::filesystem::exists(adapter));
           if (cancels_) {
             lock.unlock();  // is_served() is called under the jobs' own lock
             const bool cancelled = jobs_->cancel(name, "alice").has_value();
             lock.lock();
             cancelled_ = cancelled;
           }
           served_.push_back(model + ":" + name);
           return {};
         },
         .is_served =
             [this](const std::string& name) {
               const std::lock_guard lock(mutex_);
               return name == "tiny:sql" || std::ranges::count(served_, name) > 0;
             },
         .waiting_limit = 3});
    ASSERT_TRUE(opened) << opened.error().message;
    jobs_ = std::move(*opened);
  }

  TuningJob make(const std::string& data, TuningWish wish = {.model = "tiny"}) {
    auto job = jobs_->create(std::move(wish), "alice", data);
    EXPECT_TRUE(job) << job.error().message;
    return job.value_or(TuningJob{});
  }

  // The job once it has this status, within ten seconds.
  TuningJob await(const std::string& id, TuningStatus status) {
    TuningJob job;
    for (int look = 0; look < 1000; ++look) {
      job = jobs_->find(id, "alice").value_or(TuningJob{});
      if (job.status == status) return job;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "the job is " << name_of(job.status) << ", not " << name_of(status);
    return job;
  }

  std::vector<std::string> served() {
    const std::lock_guard lock(mutex_);
    return served_;
  }

  store::TemporaryFolder folder_;
  std::mutex mutex_;
  std::string model_ = "tiny";       // the one that the server has; set before open()
  std::vector<std::string> served_;  // guarded by mutex_
  bool refuses_ = false;             // guarded by mutex_
  bool cancels_ = false;             // guarded by mutex_; jobs, while they are being served
  bool cancelled_ = false;           // guarded by mutex_; one was
  std::unique_ptr<TuningJobs> jobs_;
};

}  // namespace melete::jobs
