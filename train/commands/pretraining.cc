#include "commands/pretraining.h"

#include <ATen/Parallel.h>
#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <thread>

#include "data/file_source.h"
#include "gguf/export_model.h"
#include "loop/checkpoint.h"
#include "loop/run_log.h"
#include "loop/trainer.h"

namespace melete::train {

namespace {

// Without these instructions, products of bfloat16 are slower than those of float.
bool multiplies_bfloat16() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512bf16") != 0;
#else
  return false;
#endif
}

torch::ScalarType activation_type(Precision precision) {
  const bool narrow = precision == Precision::Bfloat16 ||
                      (precision == Precision::Automatic && multiplies_bfloat16());
  return narrow ? torch::kBFloat16 : torch::kFloat;
}

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

Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (!problem) return {};
  return fail(ErrorCode::StorageFull,
              fmt::format("The folder {} cannot be made: {}.", folder.string(), problem.message()),
              "folder");
}

Result<void> export_files(const Model& model, const std::filesystem::path& folder) {
  if (Result<void> written = export_decoder(model, folder / kDecoderFile); !written) return written;
  return export_projector(model, folder / kProjectorFile);
}

// Steps to the end, with a checkpoint now and then and after the last.
Result<void> run_steps(const PretrainConfig& config, Trainer& trainer, const Model& model,
                       const Optimiser& optimiser, RunLog& log,
                       const std::function<void(std::string_view)>& tell) {
  Pace pace(config.schedule.steps);
  while (trainer.progress().step < config.schedule.steps) {
    const Result<StepReport> report = trainer.step();
    if (!report) return std::unexpected(report.error());
    pace.add(*report);
    if (Result<void> written = log.write(to_json(*report, pace.tokens_per_second())); !written) {
      return written;
    }
    tell(pace.line());
    const bool last = report->step == config.schedule.steps;
    if (!last && report->step % config.checkpoint_every != 0) continue;
    const std::filesystem::path file = config.folder / kCheckpointFile;
    if (Result<void> saved = save_checkpoint(file, model, optimiser, trainer.progress()); !saved) {
      return saved;
    }
  }
  return {};
}

}  // namespace

Result<void> pretrain(const PretrainConfig& config,
                      const std::function<void(std::string_view)>& tell) {
  at::set_num_threads(config.threads > 0
                          ? config.threads
                          : static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  if (Result<void> made = make_folder(config.folder); !made) return made;
  const Result<Tasks> tasks = tasks_for(config.sources);
  if (!tasks) return std::unexpected(tasks.error());
  Result<Mixture> mixture = make_mixture(config, *tasks);
  if (!mixture) return std::unexpected(mixture.error());
  const BatchSource source(std::move(*mixture), media_shape(config.model), config.batch);

  Model model(config.model, config.seed);
  Optimiser optimiser(model.parameters(), config.optimiser);
  Progress progress;
  if (std::filesystem::exists(config.folder / kCheckpointFile)) {
    const Result<Progress> loaded =
        load_checkpoint(config.folder / kCheckpointFile, model, optimiser);
    if (!loaded) return std::unexpected(loaded.error());
    progress = *loaded;
  }
  Result<RunLog> log = RunLog::open(config.folder / kLogFile, progress.step);
  if (!log) return std::unexpected(log.error());
  tell(fmt::format("{} parameters, {} of {} steps done", model.parameters().count(), progress.step,
                   config.schedule.steps));
  Trainer trainer(model, optimiser, source, config.schedule, activation_type(config.precision),
                  progress);
  if (Result<void> done = run_steps(config, trainer, model, optimiser, *log, tell); !done) {
    return done;
  }
  return export_files(model, config.folder);
}

}  // namespace melete::train
