#include "commands/reinforcement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "commands/learner.h"
#include "commands/question_kinds.h"
#include "commands/run_setup.h"
#include "loop/checkpoint.h"
#include "loop/run_log.h"
#include "reinforce/reinforcer.h"

namespace melete::train {

namespace {

ExaminerOptions examiner_options(const ReinforceConfig& config, const Learner& learner) {
  return {.most_tokens = config.most_tokens,
          .verifier_deadline = seconds(config.verifier_deadline),
          .thinking = config.thinking,
          .source = learner.rollouts.get()};
}

ReinforcerOptions reinforcer_options(const ReinforceConfig& config, const Learner& learner) {
  const torch::Device device = learner.model().device();
  return {.seed = config.seed,
          .questions = config.questions,
          .answers = config.answers,
          .examiner = examiner_options(config, learner),
          .pricing = config.pricing,
          .pool = config.solve_rates,
          .schedule = config.schedule,
          .type = activation_type(config.precision, device)};
}

// AdamW alone: Muon's steps are as long where a batch says little as where it says much, and here
// most say little.
OptimiserOptions optimiser_options(double rate) {
  return {.matrices = MatrixMethod::AdamW,
          .muon = {.learning_rate = rate},
          .embedding_rate = rate,
          .vector_rate = rate,
          .factor_rate = rate};
}

Result<std::vector<QuestionKind>> question_kinds(const ReinforceConfig& config) {
  Result<std::vector<QuestionKind>> kinds = file_kinds(
      config.sources, {.seed = config.seed, .deadline = seconds(config.verifier_deadline)});
  if (!kinds) return kinds;
  Result<std::vector<QuestionKind>> tasks =
      task_kinds(config.sources, config.seed, Purpose::Reinforcing);
  if (!tasks) return tasks;
  std::ranges::move(*tasks, std::back_inserter(*kinds));
  return kinds;
}

// Of the reasoning in held-out answers before the first step, what is left after the last one; 0
// where there was none.
int64_t reasoning_percent(const std::filesystem::path& measures) {
  std::ifstream file(measures);
  std::optional<double> first;
  double last = 0;
  for (std::string text; std::getline(file, text);) {
    const Result<Json> line = parse_json(text);
    if (!line || !line->is_object()) continue;
    last = line->value("thinking_tokens", 0.0);
    if (!first) first = last;
  }
  if (first.value_or(0) <= 0) return 0;
  return std::max<int64_t>(1, std::llround(100 * last / *first));
}

// A run that is under way.
class Run {
 public:
  Run(const ReinforceConfig& config, Learner learner, const QuestionSource& source,
      QuestionSplit questions)
      : config_(config),
        held_out_(source.questions(questions.held_out)),
        learner_(std::move(learner)),
        optimiser_(model().parameters(), optimiser_options(config.rate)),
        examiner_(model(), *learner_.language, activation_type(config.precision, model().device()),
                  examiner_options(config, learner_)),
        reinforcer_(model(), *learner_.language, optimiser_, source, std::move(questions.pool),
                    reinforcer_options(config, learner_)),
        stops_(config.stops) {}

  // Takes up weights, and where the run was under way all else.
  Result<void> begin();

  // All steps that are left, then the model's files.
  Result<void> finish(const Teller& tell);

 private:
  Model& model() const { return learner_.model(); }
  std::filesystem::path checkpoint() const { return config_.folder / kCheckpointFile; }
  Result<void> resume();
  Result<Course> step(Pace& pace, const Teller& tell);
  Result<void> measure();
  Result<void> save() const;

  const ReinforceConfig& config_;
  QuestionList held_out_;
  Learner learner_;
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
  return take_up_start(config_, learner_);
}

Result<void> Run::resume() {
  const Result<Progress> loaded = load_checkpoint(checkpoint(), model(), optimiser_);
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

Result<void> Run::finish(const Teller& tell) {
  const int64_t done = reinforcer_.steps_done();
  // A run without a checkpoint begins its logs anew, the measure before the first step included.
  const int64_t kept = resumed_ ? done : -1;
  for (auto [log, name] : {std::pair{&log_, kLogFile}, {&measures_, kHeldOutFile}}) {
    Result<RunLog> opened = RunLog::open(config_.folder / name, kept);
    if (!opened) return std::unexpected(opened.error());
    log->emplace(std::move(*opened));
  }
  tell(fmt::format("{} parameters, {} of {} steps done", model().parameters().count(), done,
                   config_.schedule.steps));
  if (!resumed_) {
    if (Result<void> measured = measure(); !measured) return measured;
  }
  Pace pace(config_.schedule.steps);
  Course course = Course::GoesOn;
  while (course == Course::GoesOn && reinforcer_.steps_done() < config_.schedule.steps) {
    const Result<Course> taken = step(pace, tell);
    if (!taken) return std::unexpected(taken.error());
    course = *taken;
  }
  return export_learner(config_, learner_, reasoning_percent(config_.folder / kHeldOutFile));
}

Result<Course> Run::step(Pace& pace, const Teller& tell) {
  const Result<ReinforceReport> report = reinforcer_.step();
  if (!report) return std::unexpected(report.error());
  tokens_ += report->tokens;
  pace.add({.step = report->step, .tokens = report->tokens});
  const Json line = to_json(*report, pace.tokens_per_second());
  if (Result<void> written = log_->write(line); !written) {
    return std::unexpected(written.error());
  }
  tell(pace.line(line_of(*report)));
  const Result<Course> course = stops_.after_step(*report);
  if (!course) return course;
  if (*course == Course::AtGoal) {
    tell("nearly every answer is right, and all are worth the same: nothing is left to learn");
  }
  const bool last = report->step == config_.schedule.steps || *course == Course::AtGoal;
  if (last || report->step % config_.measure_every == 0) {
    if (Result<void> measured = measure(); !measured) {
      return std::unexpected(measured.error());
    }
  }
  if (!last && report->step % config_.checkpoint_every != 0) return course;
  if (Result<void> saved = save(); !saved) return std::unexpected(saved.error());
  return course;
}

Result<void> Run::measure() {
  const Result<std::vector<Examined>> examined = examiner_.likeliest(held_out_);
  if (!examined) return std::unexpected(examined.error());
  const AnswerFigures figures = figures_of(*examined);
  const Json line = to_json(figures, figures_by_difficulty(*examined), reinforcer_.steps_done());
  if (Result<void> written = measures_->write(line); !written) return written;
  return stops_.after_measure(figures);
}

Result<void> Run::save() const {
  const Json memory = {{"reinforcer", reinforcer_.memory()}, {"stops", stops_.memory()}};
  return save_checkpoint(checkpoint(), model(), optimiser_,
                         {.step = reinforcer_.steps_done(),
                          .tokens = tokens_,
                          .next_example = 0,
                          .memory = write_json(memory)});
}

}  // namespace

Result<void> reinforce(const ReinforceConfig& config, const Teller& tell) {
  use_threads(config.threads);
  if (Result<void> made = make_folder(config.folder); !made) return made;
  Result<std::vector<QuestionKind>> kinds = question_kinds(config);
  if (!kinds) return std::unexpected(kinds.error());
  const QuestionSource source(std::move(*kinds));
  Result<QuestionSplit> questions = split_questions(
      source, {.held_out = config.held_out, .pool = config.pool, .least = config.questions},
      seconds(config.verifier_deadline));
  if (!questions) return std::unexpected(questions.error());
  QuestionList all = source.questions(questions->held_out);
  std::ranges::move(source.questions(questions->pool), std::back_inserter(all));
  Result<Learner> learner = make_learner(config, all);
  if (!learner) return std::unexpected(learner.error());
  Run run(config, std::move(*learner), source, std::move(*questions));
  if (Result<void> begun = run.begin(); !begun) return begun;
  return run.finish(tell);
}

}  // namespace melete::train
