#include "commands/tuning.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "commands/run_setup.h"
#include "commands/training_run.h"
#include "gguf/base_model.h"
#include "gguf/export_adapter.h"
#include "models/model_library.h"
#include "tuning/chat_writer.h"

namespace melete::train {

namespace {

Result<std::filesystem::path> find_model(const std::string& name) {
  const Result<models::ModelLibrary> library = models::ModelLibrary::open();
  if (!library) return std::unexpected(library.error());
  const Result<models::ModelFiles> files = library->resolve(name);
  if (!files) return std::unexpected(files.error());
  return files->model;
}

Result<void> check_length(const TuneConfig& config, const DecoderConfig& decoder) {
  if (config.batch.length <= decoder.context) return {};
  return fail(ErrorCode::InvalidArgument,
              fmt::format("batch.length is {} and the model was made for {} tokens: lower it.",
                          config.batch.length, decoder.context),
              "batch.length");
}

Result<void> export_results(const TuneConfig& config, const Model& model,
                            const std::filesystem::path& base) {
  const std::string name = config.folder.filename().string();
  if (Result<void> written = export_adapter(model, config.folder / kAdapterFile, name); !written) {
    return written;
  }
  return config.merged ? export_merged(model, base, config.folder / kMergedFile) : Result<void>();
}

}  // namespace

Result<void> tune(const TuneConfig& config, const std::function<void(std::string_view)>& tell) {
  use_threads(config.threads);
  if (Result<void> made = make_folder(config.folder); !made) return made;
  const Result<std::filesystem::path> base = find_model(config.model);
  if (!base) return std::unexpected(base.error());
  const Result<Tasks> tasks = tasks_for(config.sources);
  if (!tasks) return std::unexpected(tasks.error());
  Result<Mixture> mixture = make_mixture(config.sources, *tasks, config.seed);
  if (!mixture) return std::unexpected(mixture.error());

  tell(fmt::format("loading {}", base->string()));
  const Result<std::unique_ptr<Model>> model = load_base_model(
      *base,
      {.type = activation_type(config.precision), .adapter = config.adapter, .seed = config.seed});
  if (!model) return std::unexpected(model.error());
  const DecoderConfig& decoder = (*model)->config().decoder;
  if (Result<void> fits = check_length(config, decoder); !fits) return fits;
  Result<ConversationWriter> writer = chat_writer(*base, decoder.vocabulary);
  if (!writer) return std::unexpected(writer.error());
  const BatchSource source(std::move(*mixture), std::move(*writer), config.batch);

  // Every factor of an adapter is a "vector" to the optimiser: AdamW moves it.
  Optimiser optimiser((*model)->parameters(), {.vector_rate = config.learning_rate});
  Group alone;
  const Training training{config, config.schedule, **model, optimiser, source, alone};
  Result<Beginning> beginning = begin(training);
  if (!beginning) return std::unexpected(beginning.error());
  if (Result<void> done = run_steps(training, *beginning, tell); !done) return done;
  return export_results(config, **model, *base);
}

}  // namespace melete::train
