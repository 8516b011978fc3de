#include "commands/tuning.h"

#include <fmt/format.h>

#include <utility>

#include "commands/open_weights.h"
#include "commands/run_setup.h"
#include "commands/training_run.h"
#include "tuning/chat_writer.h"

namespace melete::train {

Result<void> tune(const TuneConfig& config, const Teller& tell) {
  use_threads(config.threads);
  if (Result<void> made = make_folder(config.folder); !made) return made;
  const Result<Tasks> tasks = tasks_for(config.sources);
  if (!tasks) return std::unexpected(tasks.error());
  Result<Mixture> mixture = make_mixture(config.sources, *tasks, config.seed);
  if (!mixture) return std::unexpected(mixture.error());

  tell(fmt::format("loading {}", config.base.model));
  const Result<OpenWeights> weights =
      load_open_weights(config.base, config, config.batch.length, "batch.length");
  if (!weights) return std::unexpected(weights.error());
  Model& model = *weights->model;
  Result<ConversationWriter> writer = chat_writer(weights->file, model.config());
  if (!writer) return std::unexpected(writer.error());
  const BatchSource source(std::move(*mixture), std::move(*writer), config.batch);

  Optimiser optimiser(model.parameters(), config.optimiser);
  Group alone;
  const Training training{config, config.schedule, model, optimiser, source, alone};
  Result<Beginning> beginning = begin(training);
  if (!beginning) return std::unexpected(beginning.error());
  if (Result<void> done = run_steps(training, *beginning, tell); !done) return done;
  return export_open_weights(*weights, config.base, config.folder);
}

}  // namespace melete::train
