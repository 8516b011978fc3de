#include "commands/pretraining.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "commands/run_setup.h"
#include "data/file_source.h"
#include "loop/checkpoint.h"
#include "loop/run_log.h"
#include "loop/trainer.h"

namespace melete::train {

namespace {

Result<Mixture> make_mixture(const PretrainConfig& config, const Tasks& tasks) {
  std::vector<MixtureItem> items;
  for (const auto& [name, file] : config.sources.files) {
    Result<std::shared_ptr<const FileSource>> source = FileSource::open(file.path, config.seed);
    if (!source) return std::unexpected(source.error());
    items.push_back({std::move(*source), file.weight});
  }
  Result<std::vector<NamedTask>> chosen = choose_tasks(config.sources, tasks, config.seed);
  if (!chosen) return std::unexpected(chosen.error());
  for (NamedTask& task : *chosen) items.push_back({std::move(task.source), task.weight});
  return Mixture(std::move(items));
}

int threads_of(const PretrainConfig& config, const Group& group) {
  if (config.threads > 0) return config.threads;
  const int cores = static_cast<int>(std::thread::hardware_concurrency());
  return std::max(1, cores / group.neighbours());
}

BatchShape part_of(BatchShape batch, const Group& group) {
  batch.parts = group.size();
  batch.part = group.rank();
  return batch;
}

// All that the steps need, as one rank has it.
struct Run {
  Run(const PretrainConfig& config, Mixture mixture, const Group& group)
      : source(std::move(mixture), media_shape(config.model), part_of(config.batch, group)),
        model(config.model, config.seed),
        optimiser(model.parameters(), config.optimiser) {}

  BatchSource source;
  Model model;
  Optimiser optimiser;
  Progress progress;
  std::optional<RunLog> log;  // of rank 0, which alone writes
};

Result<std::unique_ptr<Run>> prepare(const PretrainConfig& config, const Group& group) {
  if (config.batch.rows % group.size() != 0) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("batch.rows is {} and cannot be divided among {} ranks: choose a "
                            "multiple of {}.",
                            config.batch.rows, group.size(), group.size()),
                "batch.rows");
  }
  if (Result<void> made = make_folder(config.folder); !made) return std::unexpected(made.error());
  const Result<Tasks> tasks = tasks_for(config.sources);
  if (!tasks) return std::unexpected(tasks.error());
  Result<Mixture> mixture = make_mixture(config, *tasks);
  if (!mixture) return std::unexpected(mixture.error());
  auto run = std::make_unique<Run>(config, std::move(*mixture), group);
  if (std::filesystem::exists(config.folder / kCheckpointFile)) {
    const Result<Progress> loaded =
        load_checkpoint(config.folder / kCheckpointFile, run->model, run->optimiser);
    if (!loaded) return std::unexpected(loaded.error());
    run->progress = *loaded;
  }
  if (group.rank() != 0) return run;
  Result<RunLog> log = RunLog::open(config.folder / kLogFile, run->progress.step);
  if (!log) return std::unexpected(log.error());
  run->log = std::move(*log);
  return run;
}

// What has to be the same in all ranks before they add anything up.
std::string beginning_of(const PretrainConfig& config, const Run& run) {
  const OptimiserOptions& rates = config.optimiser;
  return fmt::format("{} {} {} {} {} {} {} {} {} {} {} {} {} {}", run.progress.step,
                     run.progress.next_example, config.seed, config.model.name, config.batch.rows,
                     config.batch.length, config.schedule.steps, config.schedule.warm_up,
                     config.schedule.decay_share, rates.muon.learning_rate, rates.muon.momentum,
                     rates.muon.weight_decay, rates.embedding_rate, rates.vector_rate);
}

// Checks that the ranks begin alike, and gives all of them the weights of rank 0: machines need not
// make the same ones of a seed to the last bit.
Result<void> begin_alike(const PretrainConfig& config, const Run& run, Group& group) {
  const size_t mine = std::hash<std::string>()(beginning_of(config, run));
  const Result<std::vector<int64_t>> all = group.gather(static_cast<int64_t>(mine));
  if (!all) return std::unexpected(all.error());
  const auto other = std::ranges::find_if(*all, [&](int64_t one) { return one != all->front(); });
  if (other != all->end()) {
    return fail(ErrorCode::Conflict,
                fmt::format("Rank {} begins with other settings or at another step than rank 0: "
                            "give all of them the same settings, and a folder that they share.",
                            other - all->begin()),
                "folder");
  }
  std::vector<torch::Tensor> weights;
  for (const Parameter& parameter : run.model.parameters().all()) {
    weights.push_back(parameter.value);
  }
  return group.share(weights, 0);
}

// Steps to the end, with a checkpoint now and then and after the last.
Result<void> run_steps(const PretrainConfig& config, Run& run, Group& group,
                       const std::function<void(std::string_view)>& tell) {
  Trainer trainer(run.model, run.optimiser, run.source, config.schedule,
                  activation_type(config.precision), run.progress, group);
  Pace pace(config.schedule.steps);
  while (trainer.progress().step < config.schedule.steps) {
    const Result<StepReport> report = trainer.step();
    if (!report) return std::unexpected(report.error());
    if (run.log) {
      pace.add(*report);
      const Result<void> written = run.log->write(to_json(*report, pace.tokens_per_second()));
      if (!written) return group.agree(written);  // as the others do next, whatever that is
      tell(pace.line());
    }
    const bool last = report->step == config.schedule.steps;
    if (!last && report->step % config.checkpoint_every != 0) continue;
    Result<void> saved;
    if (run.log) {
      saved = save_checkpoint(config.folder / kCheckpointFile, run.model, run.optimiser,
                              trainer.progress());
    }
    if (Result<void> kept = group.agree(saved); !kept) return kept;
  }
  return {};
}

}  // namespace

Result<void> pretrain(const PretrainConfig& config, Group& group,
                      const std::function<void(std::string_view)>& tell) {
  use_threads(threads_of(config, group));
  const Result<std::unique_ptr<Run>> prepared = prepare(config, group);
  if (Result<void> ready = group.agree(prepared); !ready) return ready;
  Run& run = **prepared;
  if (Result<void> alike = begin_alike(config, run, group); !alike) return alike;
  if (run.log) {
    tell(fmt::format("{} parameters, {} of {} steps done", run.model.parameters().count(),
                     run.progress.step, config.schedule.steps));
  }
  if (Result<void> done = run_steps(config, run, group, tell); !done) return done;
  return group.agree(run.log ? export_files(run.model, config.folder) : Result<void>());
}

}  // namespace melete::train
