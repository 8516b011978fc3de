#include "jobs/tuning_jobs.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/file_content.h"
#include "base/ids.h"
#include "base/log.h"
#include "base/unix_time.h"
#include "models/child_process.h"

namespace melete::jobs {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNiceness = "10";     // of a run: answers come first
constexpr std::chrono::milliseconds kLook{200};  // between two looks at a running program
constexpr std::chrono::seconds kGrace{1};        // for our own end, once a signal has ended a run

Result<void> write_file(const fs::path& file, std::string_view content) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (out) return {};
  return fail(ErrorCode::StorageFull, fmt::format("{} cannot be written.", file.string()));
}

Error not_found(std::string_view id) {
  return {ErrorCode::NotFound, fmt::format("There is no job {}.", id), "fine_tuning_job_id"};
}

}  // namespace

Result<std::unique_ptr<TuningJobs>> TuningJobs::open(TuningOptions options) {
  std::unique_ptr<TuningJobs> jobs(new TuningJobs(std::move(options)));
  if (auto read = jobs->read_folder(); !read) return std::unexpected(read.error());
  jobs->thread_ = std::thread([raw = jobs.get()] { raw->work(); });
  return jobs;
}

TuningJobs::TuningJobs(TuningOptions options) : options_(std::move(options)) {}

TuningJobs::~TuningJobs() {
  stop();
  if (thread_.joinable()) thread_.join();
}

void TuningJobs::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
}

Result<void> TuningJobs::read_folder() {
  std::error_code problem;
  fs::create_directories(options_.folder, problem);
  if (problem) {
    return fail(ErrorCode::Unavailable,
                fmt::format("{} cannot be made: {}.", options_.folder.string(), problem.message()));
  }
  for (const auto& entry : fs::directory_iterator(options_.folder, problem)) {
    const auto json = parse_json(file_content(TuningFolder{entry.path()}.job()).value_or(""));
    auto job = json ? read_job(*json) : std::unexpected(json.error());
    if (!job) continue;
    if (job->status == TuningStatus::Running) job->status = TuningStatus::Queued;
    if (has_ended(job->status) && job->status != TuningStatus::Succeeded) forget_data(*job);
    jobs_.push_back(std::move(*job));
  }
  jobs_.sort([](const TuningJob& one, const TuningJob& other) { return one.id < other.id; });
  for (const TuningJob& job : jobs_) {
    if (job.status != TuningStatus::Succeeded) continue;
    const auto served = options_.serve(job.wish.model, job.adapter(), folder_of(job.id).adapter());
    if (served) continue;
    log_event(LogLevel::Warning, "tuned_model_not_served",
              {{"job", job.id}, {"problem", served.error().message}});
  }
  return {};
}

Result<TuningJob> TuningJobs::create(TuningWish wish, std::string owner, std::string_view data) {
  const auto sizes = measure_data(data, wish);
  if (!sizes) return std::unexpected(sizes.error());
  const auto model = options_.file_of(wish.model);
  if (!model) return std::unexpected(model.error());
  TuningJob job{.id = make_id("ftjob-"),
                .owner = std::move(owner),
                .wish = std::move(wish),
                .status = TuningStatus::Queued,
                .created_at = unix_seconds(),
                .finished_at = std::nullopt,
                .steps = sizes->steps,
                .problem = ""};
  const std::lock_guard lock(mutex_);
  const auto waiting = std::ranges::count(jobs_, TuningStatus::Queued, &TuningJob::status);
  if (static_cast<size_t>(waiting) >= options_.waiting_limit) {
    return fail(ErrorCode::Overloaded, "Too many jobs are waiting: try again later.");
  }
  const bool is_being_made = std::ranges::any_of(jobs_, [&](const TuningJob& other) {
    return !has_ended(other.status) && other.served_name() == job.served_name();
  });
  if (is_being_made || options_.is_served(job.served_name())) {
    return fail(ErrorCode::Conflict,
                fmt::format("{} exists or is being made: give another suffix.", job.served_name()),
                "suffix");
  }
  const TuningFolder folder = folder_of(job.id);
  std::error_code problem;
  fs::create_directories(folder.path, problem);
  auto kept = write_file(folder.data(), data);
  if (kept) kept = write_file(folder.config(), config_of(job, *sizes, *model));
  if (kept) kept = keep(job);
  if (!kept) {
    fs::remove_all(folder.path, problem);
    return std::unexpected(kept.error());
  }
  jobs_.push_back(job);
  changed_.notify_all();
  return job;
}

// Whole or not at all.
Result<void> TuningJobs::keep(const TuningJob& job) const {
  const fs::path file = folder_of(job.id).job();
  const fs::path next = file.string() + ".next";
  if (auto written = write_file(next, write_json(to_json(job))); !written) return written;
  std::error_code problem;
  fs::rename(next, file, problem);
  if (!problem) return {};
  return fail(ErrorCode::StorageFull, fmt::format("{} cannot be written.", file.string()));
}

std::vector<TuningJob> TuningJobs::list(std::string_view owner) const {
  const std::lock_guard lock(mutex_);
  std::vector<TuningJob> own;
  for (const TuningJob& job : jobs_) {
    if (job.owner == owner) own.push_back(job);
  }
  return own;
}

TuningJob* TuningJobs::find_job(std::string_view id, std::string_view owner) {
  for (TuningJob& job : jobs_) {
    if (job.id == id && job.owner == owner) return &job;
  }
  return nullptr;
}

const TuningJob* TuningJobs::find_job(std::string_view id, std::string_view owner) const {
  return const_cast<TuningJobs*>(this)->find_job(id, owner);
}

Result<TuningJob> TuningJobs::find(std::string_view id, std::string_view owner) const {
  const std::lock_guard lock(mutex_);
  const TuningJob* job = find_job(id, owner);
  if (!job) return std::unexpected(not_found(id));
  return *job;
}

Result<std::vector<Json>> TuningJobs::steps(std::string_view id, std::string_view owner) const {
  const auto job = find(id, owner);
  if (!job) return std::unexpected(job.error());
  return told_steps(folder_of(job->id));
}

Result<TuningJob> TuningJobs::cancel(std::string_view id, std::string_view owner) {
  const std::lock_guard lock(mutex_);
  TuningJob* job = find_job(id, owner);
  if (!job) return std::unexpected(not_found(id));
  if (has_ended(job->status) || id == serving_) {
    const TuningStatus now = has_ended(job->status) ? job->status : TuningStatus::Succeeded;
    return fail(ErrorCode::Conflict, fmt::format("Job {} has {} already.", id, name_of(now)));
  }
  const bool waited = job->status == TuningStatus::Queued;
  end(*job, TuningStatus::Cancelled, "");
  if (waited) forget_data(*job);  // else when its program has ended
  return *job;
}

// The first end of a job counts.
void TuningJobs::end(const std::string& id, TuningStatus status, std::string problem) {
  const std::lock_guard lock(mutex_);
  if (serving_ == id) serving_.clear();
  for (TuningJob& job : jobs_) {
    if (job.id == id && !has_ended(job.status)) return end(job, status, std::move(problem));
  }
}

void TuningJobs::end(TuningJob& job, TuningStatus status, std::string problem) {
  job.status = status;
  job.finished_at = unix_seconds();
  job.problem = std::move(problem);
  (void)keep(job);  // else the next server runs the rest of it again
  changed_.notify_all();
}

// What was taught from, and what a run without an end has left. A full disk may have kept the end
// from being written: then there is room now.
void TuningJobs::forget_data(const TuningJob& job) const {
  const TuningFolder folder = folder_of(job.id);
  std::error_code ignored;
  bool removed = fs::remove(folder.data(), ignored);
  std::vector<fs::path> left;
  for (const auto& entry : fs::directory_iterator(folder.log().parent_path(), ignored)) {
    if (entry.path() != folder.log()) left.push_back(entry.path());
  }
  for (const fs::path& path : left) removed = fs::remove_all(path, ignored) > 0 || removed;
  if (removed) (void)keep(job);
}

// The oldest that waits and whose model is here. Null: none.
TuningJob* TuningJobs::next_job() {
  const auto next = std::ranges::find_if(jobs_, [this](const TuningJob& job) {
    return job.status == TuningStatus::Queued && options_.file_of(job.wish.model);
  });
  return next == jobs_.end() ? nullptr : &*next;
}

void TuningJobs::work() {
  while (true) {
    TuningJob job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return stopping_ || next_job(); });
      if (stopping_) return;
      TuningJob* next = next_job();
      next->status = TuningStatus::Running;
      (void)keep(*next);
      job = *next;
    }
    run(job);
    const std::lock_guard lock(mutex_);
    const TuningJob& now = *find_job(job.id, job.owner);
    if (has_ended(now.status) && now.status != TuningStatus::Succeeded) forget_data(now);
  }
}

void TuningJobs::run(const TuningJob& job) {
  const auto status = wait_for(job);
  if (!status) return;
  const TuningFolder folder = folder_of(job.id);
  if (*status != 0) {
    const std::string words = last_words(folder);
    return end(job.id, TuningStatus::Failed,
               words.empty() ? fmt::format("melete-train ended with status {}.", *status) : words);
  }
  if (!begin_serving(job)) return;
  const auto served = options_.serve(job.wish.model, job.adapter(), folder.adapter());
  if (!served) return end(job.id, TuningStatus::Failed, served.error().message);
  end(job.id, TuningStatus::Succeeded, "");
}

// False where the job was cancelled in its last moment; from then on it cannot be.
bool TuningJobs::begin_serving(const TuningJob& job) {
  const std::lock_guard lock(mutex_);
  if (find_job(job.id, job.owner)->status != TuningStatus::Running) return false;
  serving_ = job.id;
  return true;
}

// Whether a signal has ended the program because we are to end too: a service manager signals both
// at once, and which of us acts on it first is open.
bool TuningJobs::ends_with_us(int status) {
  if (status != 128 + SIGINT && status != 128 + SIGTERM) return false;
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, kGrace, [this] { return stopping_; });
}

// The program's status; nothing where it was stopped, for a cancelled job or for the server's end.
std::optional<int> TuningJobs::wait_for(const TuningJob& job) {
  const TuningFolder folder = folder_of(job.id);
  auto child = models::ChildProcess::start(
      {.arguments = {"nice", "-n", std::string(kNiceness), options_.trainer.string(),
                     std::string(command_of(job.wish.method)), "--config",
                     folder.config().string()},
       .environment = {},
       .output = folder.output(),
       .own_group = true});
  if (!child) {
    end(job.id, TuningStatus::Failed, child.error().message);
    return std::nullopt;
  }
  while (true) {
    if (const auto status = child->poll()) {
      return ends_with_us(*status) ? std::nullopt : status;
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, kLook);
    const TuningJob* now = find_job(job.id, job.owner);
    if (stopping_ || now->status != TuningStatus::Running) return std::nullopt;
  }
}

}  // namespace melete::jobs
