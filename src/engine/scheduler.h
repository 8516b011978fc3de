// Decides what each decoding step of a model computes: continuous batching over one pool of KV
// cells.
//
// A step carries one token for every answer that is being written and, beside them, at most one
// slice of the prompts that still wait to be read, so that a long prompt delays nobody by more than
// a slice. Half of a slice goes to the oldest prompt, the rest to those that are soonest read.
// Requests are admitted in order of arrival as soon as there is room for the prompt and one slice.
// When cells run out, idle prefixes go first; then the youngest answer is set aside (its private
// cells are saved, as far as there is room for them) and brought back once there is room: no answer
// ever fails because of another.
//
// A step is computed with one adapter or none: the answers of each take turns (adapter_turns.h),
// and prefixes are never shared between them.
//
// A prompt that is only read ahead takes part while there is nothing else, gives way to whatever
// comes, and goes on after it.
//
// scheduler.cc holds the loop, scheduler_admission.cc who may start, scheduler_step.cc what a step
// computes, scheduler_output.cc what becomes of its tokens, scheduler_drafts.cc what is guessed,
// scheduler_ahead.cc what is read ahead.

#pragma once

#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/metrics.h"
#include "engine/adapter_turns.h"
#include "engine/job.h"
#include "engine/kv_memory.h"
#include "engine/loaded_model.h"
#include "engine/scheduler_gauges.h"
#include "engine/worker_pool.h"

namespace melete::engine {

struct SchedulerOptions {
  int sequence_limit = 64;                    // choices that run side by side
  int slice_tokens = 256;                     // most prompt tokens in a step beside running answers
  std::chrono::milliseconds slice_time{400};  // aimed at for such a step, by fewer tokens
  int job_limit = 4096;                       // jobs that wait or run; more are refused
  int ahead_limit = 8;                        // of those, prompts to read ahead; the oldest goes
  int64_t prefix_store_bytes = int64_t{1} << 30;
  // Of cells of answers that were set aside; what does not fit is computed again.
  int64_t saved_byte_limit = int64_t{1} << 30;
  int threads = 2;          // for sampling
  bool speculation = true;  // guess tokens that are checked within one step
};

// submit() and wake() may be called from any thread; everything else belongs to the scheduler's own
// thread. The model must outlive the scheduler.
class Scheduler {
 public:
  // Sequence ids that a context needs for `sequence_limit` choices, with those for idle prefixes.
  static int sequence_ids_for(int sequence_limit);

  // `metrics` may be null, else it must outlive the scheduler.
  Scheduler(LoadedModel& model, SchedulerOptions options, Metrics* metrics);

  // Ends all jobs and joins the thread.
  ~Scheduler();

  // Takes a prepared job. Fails with Overloaded when there are too many; its stream is then the
  // caller's to end.
  Result<void> submit(std::unique_ptr<Job> job);

  // Loads an adapter between two steps and has it take turns; waits for it. Nothing may read the
  // model's adapters on another thread meanwhile. Fails as load_adapter() does, and with
  // Unavailable where the scheduler is ending.
  Result<void> add_adapter(const models::AdapterFile& adapter);

  // Something changed that the thread should look at: a control, a reader that went away or made
  // room.
  void wake();

 private:
  using Seconds = std::chrono::duration<double>;

  // What one choice adds to a step.
  struct Slice {
    Job* job = nullptr;
    Choice* choice = nullptr;
    size_t count = 0;   // entries of its chain
    int batch_row = 0;  // of the last entry; rows of guesses follow it
    Draft draft;        // of what comes after its chain
  };
  // One token to choose.
  struct Draw {
    Job* job = nullptr;
    Choice* choice = nullptr;
    const float* logits = nullptr;
  };

  void run();
  bool step();
  void take_submitted();
  void take_adapter();
  void apply_controls(Job& job);
  void apply_control(Job& job, Choice& choice, const chat::Control& control);
  void remove_ended_jobs();
  Instant next_deadline() const;
  bool reads_prompts() const;
  bool somebody_writes() const;
  int active_count() const;

  bool somebody_waits() const;
  void bound_reading_ahead();
  void give_way();

  void resume_set_aside();
  bool resume(Job& job, Choice& choice);
  void admit_waiting();
  bool admit(Job& job, Choice& choice);
  bool better_to_wait(const Job& job, const Choice& choice) const;
  std::vector<PrefixSource> running_sources(const std::string& adapter) const;

  std::vector<Slice> plan() const;
  std::vector<Slice> plan(std::string_view adapter) const;
  static void deal(std::vector<Slice>& prompts, size_t budget);
  bool make_room_for(const std::vector<Slice>& slices);
  bool set_aside_youngest();
  bool set_aside_unread();
  void set_aside(Choice& choice);
  int64_t saved_byte_count() const;
  bool read_media();
  void read_media(Job& job, Choice& choice, const MediaSpan& span);
  void guess(std::vector<Slice>& slices);
  static void note_text(Job& job, const Choice& choice);
  bool decode(std::vector<Slice>& slices);
  int compute(const std::string& adapter);
  void apply_adapter(const std::string& name);
  void note_peak();
  void fit_slice(const std::vector<Slice>& slices, Seconds time);

  std::vector<Draw> draws_of(const std::vector<Slice>& slices);
  void fork_siblings(const Draw& leader, std::vector<Draw>& draws);
  void choose(const std::vector<Draw>& draws);
  llama_token sample(const Draw& draw);
  void check_drafts(const std::vector<Slice>& slices);
  void check_draft(const Slice& slice);
  void take_token(Job& job, Choice& choice, llama_token token);
  void take_forced(Job& job, Choice& choice);
  void announce(Job& job, Choice& choice);
  void send(Job& job, const Choice& choice, std::vector<AnswerReader::Delta> deltas);
  void finish(Job& job, Choice& choice, chat::FinishReason reason);
  void end_choice(Job& job, Choice& choice);
  void keep_prefix(Job& job, Choice& choice);
  void fail_job(Job& job, const Error& error);

  LoadedModel& model_;
  const SchedulerOptions options_;
  KvMemory memory_;
  WorkerPool workers_;
  std::unique_ptr<SchedulerGauges> gauges_;
  const std::vector<llama_token> end_tokens_;  // sorted
  llama_batch batch_;
  size_t slice_tokens_;  // of the next step: options_.slice_tokens, or fewer while they take long
  AdapterTurns turns_;
  std::string adapter_;                     // that the context computes with; empty: none
  std::vector<std::unique_ptr<Job>> jobs_;  // in order of arrival
  uint64_t next_number_ = 1;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<Job>> submitted_;  // guarded by mutex_
  size_t taken_count_ = 0;                       // of jobs_; guarded by mutex_
  struct NewAdapter {
    models::AdapterFile file;
    std::promise<Result<void>> loaded;
  };
  std::optional<NewAdapter> new_adapter_;  // guarded by mutex_
  bool awake_ = false;                     // guarded by mutex_
  bool stopping_ = false;                  // guarded by mutex_
  std::thread thread_;                     // last: starts when all else is ready
};

}  // namespace melete::engine
