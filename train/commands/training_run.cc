#include "commands/training_run.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "commands/run_setup.h"
#include "loop/trainer.h"

namespace melete::train {

Result<Beginning> begin(const Training& training) {
  Beginning beginning;
  const std::filesystem::path& folder = training.config.folder;
  if (std::filesystem::exists(folder / kCheckpointFile)) {
    const Result<Progress> loaded =
        load_checkpoint(folder / kCheckpointFile, training.model, training.optimiser);
    if (!loaded) return std::unexpected(loaded.error());
    beginning.progress = *loaded;
  }
  if (training.group.rank() != 0) return beginning;
  Result<RunLog> log = RunLog::open(folder / kLogFile, beginning.progress.step);
  if (!log) return std::unexpected(log.error());
  beginning.log = std::move(*log);
  return beginning;
}

Result<void> run_steps(const Training& training, Beginning& beginning, const Teller& tell) {
  const RunConfig& config = training.config;
  const int64_t steps = training.schedule.steps;
  if (beginning.log) {
    tell(fmt::format("{} parameters, {} of {} steps done", training.model.parameters().count(),
                     beginning.progress.step, steps));
  }
  Trainer trainer(training.model, training.optimiser, training.source, training.schedule,
                  activation_type(config.precision, training.model.device()), beginning.progress,
                  training.group);
  Pace pace(steps);
  while (trainer.progress().step < steps) {
    const Result<StepReport> report = trainer.step();
    if (!report) return std::unexpected(report.error());
    if (beginning.log) {
      pace.add(*report);
      const Result<void> written = beginning.log->write(to_json(*report, pace.tokens_per_second()));
      // Told as the others tell next, whatever that is about.
      if (!written) return training.group.agree(written);
      tell(pace.line());
    }
    const bool last = report->step == steps;
    if (!last && report->step % config.checkpoint_every != 0) continue;
    Result<void> saved;
    if (beginning.log) {
      saved = save_checkpoint(config.folder / kCheckpointFile, training.model, training.optimiser,
                              trainer.progress());
    }
    if (Result<void> kept = training.group.agree(saved); !kept) return kept;
  }
  return {};
}

}  // namespace melete::train
