#include "commands/reinforcement.h"

#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include "commands/run_setup.h"
#include "data/order.h"
#include "loop/checkpoint.h"
#include "loop/run_log.h"
#include "reinforce/reinforcer.h"

namespace melete::train {

namespace {

using Tell = std::function<void(std::string_view)>;

// Questions of a seed of their own: those of a pretraining run with the same seed are others.
Result<QuestionSource> make_source(const ReinforceConfig& config) {
  Result<Tasks> made = tasks_for(config.tasks);
  if (!made) return std::unexpected(made.error());
  const auto tasks = std::make_shared<const Tasks>(std::move(*made));
  const Result<std::vector<NamedTask>> chosen =
      choose_tasks(config.tasks, *tasks, scrambled(config.seed));
  if (!chosen) return std::unexpected(chosen.error());
  std::vector<QuestionTask> items;
  for (const NamedTask& named : *chosen) {
    // Owned through all tasks, which stay as long as one is used.
    const std::shared_ptr<const Task> task(tasks, find_task(*tasks, named.name));
    items.push_back({task, named.source, named.weight});
  }
  return QuestionSource(std::move(items));
}

Duration verifier_deadline(const ReinforceConfig& config) {
  return std::chrono::duration_cast<Duration>(
      std::chrono::duration<double>(config.verifier_deadline));
}

ExaminerOptions examiner_options(const ReinforceConfig& config) {
  return {.most_tokens = config.most_tokens, .verifier_deadline = verifier_deadline(config)};
}

ReinforcerOptions reinforcer_options(const ReinforceConfig& config) {
  return {.seed = config.seed,
          .questions = config.questions,
          .answers = config.answers,
          .examiner = examiner_options(config),
          .pricing = config.pricing,
          .pool = config.solve_rates,
          .schedule = config.schedule,
          .type = activation_type(config.precision)};
}

// AdamW alone: Muon's steps are as long where a batch says little as where it says much, and here
// most say little.
OptimiserOptions optimiser_options(double rate) {
  return {.matrices = MatrixMethod::AdamW,
          .muon = {.learning_rate = rate},
          .embedding_rate = rate,
          .vector_rate = rate};
}

// A run that is under way.
class Run {
 public:
  Run(const ReinforceConfig& config, const QuestionSource& source, QuestionSplit questions)
      : config_(config),
        held_out_(std::move(questions.held_out)),
        model_(config.model, config.seed),
        optimiser_(model_.parameters(), optimiser_options(config.rate)),
        examiner_(model_, source, activation_type(config.precision), examiner_options(config)),
        reinforcer_(model_, optimiser_, source, std::move(questions.pool),
                    reinforcer_options(config)),
        stops_(config.stops) {}

  // Takes up weights, and where the run was under way all else.
  Result<void> begin();

  // All steps that are left, then the model's files.
  Result<void> finish(const Tell& tell);

 private:
  std::filesystem::path checkpoint() const { return config_.folder / kCheckpointFile; }
  Result<void> resume();
  Result<void> step(Pace& pace, const Tell& tell);
  Result<void> measure();
  Result<void> save() const;

  const ReinforceConfig& config_;
  std::vector<uint64_t> held_out_;
  Model model_;
  Optimiser optimiser_;
  Examiner examiner_;
  Reinforcer reinforcer_;
  Stops stops_;
  int64_t tokens_ = 0;  // written in all steps
  bool resumed_ = false;
  std::optional<RunLog> log_;
  std::optional<RunLog> measures_;
};

Result<void> Run::begin() {
  if (std::filesystem::exists(checkpoint())) return resume();
  const std::filesystem::path start = config_.start / kCheckpointFile;
  if (std::filesystem::exists(start)) return load_weights(start, model_);
  return fail(ErrorCode::NotFound,
              fmt::format("There is no {}: name the folder of a finished run of pretrain as start.",
                          start.string()),
              "start");
}

Result<void> Run::resume() {
  const Result<Progress> loaded = load_checkpoint(checkpoint(), model_, optimiser_);
  if (!loaded) return std::unexpected(loaded.error());
  const Result<Json> memory = parse_json(loaded->memory);
  if (!memory) {
    return fail(
        ErrorCode::Conflict,
        fmt::format("{} is of another kind of run: choose another folder.", checkpoint().string()),
        "folder");
  }
  stops_.restore(memory->at("stops"));
  tokens_ = loaded->tokens;
  resumed_ = true;
  return reinforcer_.restore(loaded->step, memory->at("reinforcer"));
}

Result<void> Run::finish(const Tell& tell) {
  const int64_t done = reinforcer_.steps_done();
  // A run without a checkpoint begins its logs anew, the measure before the first step included.
  const int64_t kept = resumed_ ? done : -1;
  for (auto [log, name] : {std::pair{&log_, kLogFile}, {&measures_, kHeldOutFile}}) {
    Result<RunLog> opened = RunLog::open(config_.folder / name, kept);
    if (!opened) return std::unexpected(opened.error());
    log->emplace(std::move(*opened));
  }
  tell(fmt::format("{} parameters, {} of {} steps done", model_.parameters().count(), done,
                   config_.schedule.steps));
  if (!resumed_) {
    if (Result<void> measured = measure(); !measured) return measured;
  }
  Pace pace(config_.schedule.steps);
  while (reinforcer_.steps_done() < config_.schedule.steps) {
    if (Result<void> taken = step(pace, tell); !taken) return taken;
  }
  return export_files(model_, config_.folder);
}

Result<void> Run::step(Pace& pace, const Tell& tell) {
  const Result<ReinforceReport> report = reinforcer_.step();
  if (!report) return std::unexpected(report.error());
  tokens_ += report->tokens;
  pace.add({.step = report->step, .tokens = report->tokens});
  const Json line = to_json(*report, pace.tokens_per_second());
  if (Result<void> written = log_->write(line); !written) return written;
  tell(pace.line(line_of(*report)));
  if (Result<void> stopped = stops_.after_step(*report); !stopped) return stopped;
  const bool last = report->step == config_.schedule.steps;
  if (last || report->step % config_.measure_every == 0) {
    if (Result<void> measured = measure(); !measured) return measured;
  }
  if (!last && report->step % config_.checkpoint_every != 0) return {};
  return save();
}

Result<void> Run::measure() {
  const Result<AnswerFigures> figures = examiner_.measure(held_out_);
  if (!figures) return std::unexpected(figures.error());
  if (Result<void> written = measures_->write(to_json(*figures, reinforcer_.steps_done()));
      !written) {
    return written;
  }
  return stops_.after_measure(*figures);
}

Result<void> Run::save() const {
  const Json memory = {{"reinforcer", reinforcer_.memory()}, {"stops", stops_.memory()}};
  return save_checkpoint(checkpoint(), model_, optimiser_,
                         {.step = reinforcer_.steps_done(),
                          .tokens = tokens_,
                          .next_example = 0,
                          .memory = write_json(memory)});
}

}  // namespace

Result<void> reinforce(const ReinforceConfig& config, const Tell& tell) {
  use_threads(config.threads);
  if (Result<void> made = make_folder(config.folder); !made) return made;
  const Result<QuestionSource> source = make_source(config);
  if (!source) return std::unexpected(source.error());
  Result<QuestionSplit> questions = split_questions(
      *source, {.held_out = config.held_out, .pool = config.pool, .least = config.questions},
      verifier_deadline(config));
  if (!questions) return std::unexpected(questions.error());
  Run run(config, *source, std::move(*questions));
  if (Result<void> begun = run.begin(); !begun) return begun;
  return run.finish(tell);
}

}  // namespace melete::train
