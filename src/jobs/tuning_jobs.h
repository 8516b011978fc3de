// The jobs that teach served models, one after the other: each a run of `melete-train` beside the
// server, whose adapter is served once it is there.

#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/error.h"
#include "jobs/tuning_job.h"
#include "jobs/tuning_run.h"

namespace melete::jobs {

struct TuningOptions {
  std::filesystem::path trainer;  // the program melete-train
  std::filesystem::path folder;   // in which each job has its own; made at need
  // The file of a served model; NotFound for another name.
  std::function<Result<std::filesystem::path>(const std::string& model)> file_of;
  // Serves an adapter as MODEL:NAME. Called on the jobs' own thread, and by open().
  std::function<Result<void>(const std::string& model, const std::string& name,
                             const std::filesystem::path& adapter)>
      serve;
  // Whether a model of this name, adapter and all, is served. Called from any thread.
  std::function<bool(const std::string& name)> is_served;
  size_t waiting_limit = 64;  // jobs that wait; more are refused
};

// Thread-safe. Jobs of another owner are not found. What was told of a job outlives the process:
// jobs that wait or ran are taken up by the next one that opens the folder and has their model,
// from their last checkpoint. Of a job that failed or was cancelled only its record, settings and
// log stay.
class TuningJobs {
 public:
  // Reads what is in the folder, serves the adapters of jobs that succeeded, and starts a thread.
  // Fails with StorageFull or Unavailable where the folder cannot be used. A job's folder that
  // cannot be read is passed over.
  static Result<std::unique_ptr<TuningJobs>> open(TuningOptions options);

  // Stops a running job, which goes on when the folder is opened again.
  ~TuningJobs();

  // Stops a running job, as the destructor does, and begins no other; does not wait.
  void stop();

  // Checks the data and queues the job. Fails as measure_data() and file_of() do, with Conflict
  // where a model of that name exists or is being made, Overloaded where too many wait, and
  // StorageFull.
  Result<TuningJob> create(TuningWish wish, std::string owner, std::string_view data);

  // Oldest first.
  std::vector<TuningJob> list(std::string_view owner) const;
  Result<TuningJob> find(std::string_view id, std::string_view owner) const;

  // What the job's run has told, see told_steps(). Reads a file.
  Result<std::vector<Json>> steps(std::string_view id, std::string_view owner) const;

  // Takes effect within a second. Conflict where the job has ended, or its model is being served.
  Result<TuningJob> cancel(std::string_view id, std::string_view owner);

 private:
  explicit TuningJobs(TuningOptions options);

  Result<void> read_folder();
  void work();
  void run(const TuningJob& job);
  std::optional<int> wait_for(const TuningJob& job);
  bool ends_with_us(int status);
  bool begin_serving(const TuningJob& job);
  void end(const std::string& id, TuningStatus status, std::string problem);
  void end(TuningJob& job, TuningStatus status, std::string problem);  // holds mutex_
  void forget_data(const TuningJob& job) const;
  TuningFolder folder_of(const std::string& id) const { return {options_.folder / id}; }
  Result<void> keep(const TuningJob& job) const;
  const TuningJob* find_job(std::string_view id, std::string_view owner) const;
  TuningJob* find_job(std::string_view id, std::string_view owner);
  TuningJob* next_job();

  const TuningOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::list<TuningJob> jobs_;  // guarded by mutex_; oldest first
  std::string serving_;        // guarded by mutex_; the job whose model is just being served
  bool stopping_ = false;      // guarded by mutex_
  std::thread thread_;
};

}  // namespace melete::jobs
