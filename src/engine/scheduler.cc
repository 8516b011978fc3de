#include "engine/scheduler.h"

#include <algorithm>
#include <utility>

#include "engine/end_tokens.h"

namespace melete::engine {

using chat::FinishReason;

namespace {

constexpr int kSpareSequences = 2;               // for saving and loading
constexpr auto kPoll = std::chrono::seconds(1);  // while some reader does not read

int sequence_count(const llama_context* context) {
  return static_cast<int>(llama_n_seq_max(context));
}

std::vector<std::string> names_of(const std::vector<LoadedAdapter>& adapters) {
  std::vector<std::string> names;
  for (const LoadedAdapter& adapter : adapters) names.push_back(adapter.name);
  return names;
}

}  // namespace

int Scheduler::sequence_ids_for(int sequence_limit) {
  return std::min<int>(static_cast<int>(llama_max_parallel_sequences()),
                       sequence_limit + KvMemory::kIdleLimit + kSpareSequences);
}

Scheduler::Scheduler(LoadedModel& model, SchedulerOptions options, Metrics* metrics)
    : model_(model),
      options_(options),
      memory_(CellPool(model.context.get(), model.pool_tokens, sequence_count(model.context.get())),
              model.abilities, options.prefix_store_bytes),
      workers_(options.threads),
      gauges_(metrics ? std::make_unique<SchedulerGauges>(*metrics, model.name) : nullptr),
      end_tokens_(end_tokens(llama_model_get_vocab(model.model.get()))),
      batch_(llama_batch_init(model.batch_tokens, 0, 1)),
      slice_tokens_(static_cast<size_t>(options.slice_tokens)),
      turns_(names_of(model.adapters)),
      thread_([this] { run(); }) {}

Scheduler::~Scheduler() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    awake_ = true;
  }
  changed_.notify_one();
  thread_.join();
  llama_batch_free(batch_);
}

Result<void> Scheduler::submit(std::unique_ptr<Job> job) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return fail(ErrorCode::Unavailable, "The engine is stopping.");
    if (submitted_.size() + taken_count_ >= static_cast<size_t>(options_.job_limit)) {
      return fail(ErrorCode::Overloaded, "Too many requests are waiting: try again later.");
    }
    submitted_.push_back(std::move(job));
    awake_ = true;
  }
  changed_.notify_one();
  return {};
}

Result<void> Scheduler::add_adapter(const models::AdapterFile& adapter) {
  std::future<Result<void>> loaded;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return fail(ErrorCode::Unavailable, "The engine is stopping.");
    new_adapter_ = NewAdapter{.file = adapter, .loaded = {}};
    loaded = new_adapter_->loaded.get_future();
    awake_ = true;
  }
  changed_.notify_one();
  return loaded.get();
}

void Scheduler::take_adapter() {
  std::optional<NewAdapter> wanted;
  {
    const std::lock_guard lock(mutex_);
    wanted = std::exchange(new_adapter_, std::nullopt);
  }
  if (!wanted) return;
  auto adapter = load_adapter(wanted->file, model_.model.get());
  if (!adapter) return wanted->loaded.set_value(std::unexpected(adapter.error()));
  turns_.add(adapter->name);
  model_.adapters.push_back(std::move(*adapter));
  wanted->loaded.set_value({});
}

void Scheduler::wake() {
  {
    const std::lock_guard lock(mutex_);
    awake_ = true;
  }
  changed_.notify_one();
}

void Scheduler::run() {
  while (true) {
    const bool worked = step();
    std::unique_lock lock(mutex_);
    if (!worked) {
      const auto ready = [this] { return awake_; };
      const Instant deadline = next_deadline();
      if (deadline == Instant::max()) {
        changed_.wait(lock, ready);
      } else {
        changed_.wait_until(lock, deadline, ready);
      }
    }
    awake_ = false;
    if (stopping_) break;
  }
  take_submitted();
  take_adapter();
  for (const auto& job : jobs_) {
    fail_job(*job, Error{ErrorCode::Unavailable, "The engine was stopped.", {}});
  }
}

// One decoding step, or nothing when no choice can go on. True when something was computed.
bool Scheduler::step() {
  take_submitted();
  take_adapter();
  for (const auto& job : jobs_) apply_controls(*job);
  bound_reading_ahead();
  remove_ended_jobs();
  give_way();
  resume_set_aside();
  admit_waiting();
  if (active_count() > 0 && !reads_prompts()) memory_.store_oldest_idle();

  const bool read = read_media();
  std::vector<Slice> slices = plan();
  while (!slices.empty() && !make_room_for(slices)) slices = plan();
  guess(slices);
  bool decoded = false;
  if (!slices.empty() && decode(slices)) {
    choose(draws_of(slices));
    check_drafts(slices);
    decoded = true;
  }
  remove_ended_jobs();
  if (gauges_) gauges_->show(jobs_, memory_);
  return read || decoded || !slices.empty();
}

void Scheduler::take_submitted() {
  std::vector<std::unique_ptr<Job>> arrived;
  {
    const std::lock_guard lock(mutex_);
    arrived.swap(submitted_);
    taken_count_ += arrived.size();
  }
  for (std::unique_ptr<Job>& job : arrived) {
    job->number = next_number_++;
    const Choice& first = *job->choices.front();
    for (const auto& choice : job->choices) {
      if (choice->index == 0) continue;
      choice->state = ChoiceState::Forking;
      choice->shared_size = choice->chain.common_prefix(first.chain);
    }
    jobs_.push_back(std::move(job));
    for (const auto& choice : jobs_.back()->choices) take_forced(*jobs_.back(), *choice);
  }
}

void Scheduler::apply_controls(Job& job) {
  const bool too_late = job.deadline && system_clock().now() >= *job.deadline;
  const std::vector<chat::Control> controls = job.link->take_controls();
  for (const auto& choice : job.choices) {
    if (job.link->abandoned) end_choice(job, *choice);
    if (too_late) finish(job, *choice, FinishReason::Deadline);
    for (const chat::Control& control : controls) apply_control(job, *choice, control);
  }
  if (!job.link->events.full()) {
    job.paused_since = Instant::max();
  } else if (job.paused_since == Instant::max()) {
    job.paused_since = system_clock().now();
  }
}

void Scheduler::apply_control(Job& job, Choice& choice, const chat::Control& control) {
  if (choice.state == ChoiceState::Ended) return;
  const auto concerns = [&choice](const auto& wanted) {
    return !wanted.choice || *wanted.choice == choice.index;
  };
  if (const auto* stop = std::get_if<chat::Stop>(&control); stop && concerns(*stop)) {
    finish(job, choice, FinishReason::Stopped);
  } else if (const auto* answer = std::get_if<chat::AnswerNow>(&control);
             answer && concerns(*answer)) {
    choice.writer.answer_now();
    take_forced(job, choice);
  } else if (const auto* budget = std::get_if<chat::SetBudget>(&control);
             budget && concerns(*budget)) {
    choice.writer.set_reasoning_limit(budget->reasoning_tokens);
  }
}

void Scheduler::remove_ended_jobs() {
  const size_t gone =
      std::erase_if(jobs_, [](const std::unique_ptr<Job>& job) { return job->ended(); });
  if (gone == 0) return;
  const std::lock_guard lock(mutex_);
  taken_count_ -= gone;
}

// When to look again though nothing wakes the thread.
Instant Scheduler::next_deadline() const {
  Instant next = Instant::max();
  for (const auto& job : jobs_) {
    if (job->deadline) next = std::min(next, *job->deadline);
    if (job->paused_since != Instant::max()) next = std::min(next, system_clock().now() + kPoll);
  }
  return next;
}

// Some prompt is being read: nothing that can wait should hold up its first token.
bool Scheduler::reads_prompts() const {
  for (const auto& job : jobs_) {
    for (const auto& choice : job->choices) {
      if (choice->state == ChoiceState::Active && choice->filled < choice->prompt_size) return true;
    }
  }
  return false;
}

int Scheduler::active_count() const {
  int count = 0;
  for (const auto& job : jobs_) {
    for (const auto& choice : job->choices) count += choice->state == ChoiceState::Active;
  }
  return count;
}

}  // namespace melete::engine
