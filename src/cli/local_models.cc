#include "cli/local_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/progress.h"
#include "engine/probe.h"
#include "models/model_library.h"
#include "modes/mode_backend.h"

namespace melete::cli {
namespace {

// The loaded models and the modes above all of them: agents of one answer can ask several models.
struct ModelsInModes {
  explicit ModelsInModes(std::vector<gateway::ServedModel> engines)
      : engines(std::move(engines)), modes(this->engines) {}

  gateway::Router engines;
  modes::ModeBackend modes;
};

// One of them, which answers in every mode.
class ModelInModes final : public chat::Backend {
 public:
  explicit ModelInModes(std::shared_ptr<ModelsInModes> models) : models_(std::move(models)) {}

  Result<chat::BackendInfo> info(const std::string& model) const override {
    return models_->modes.info(model);
  }
  Result<int64_t> count(const chat::Request& request) const override {
    return models_->modes.count(request);
  }
  std::unique_ptr<chat::Stream> start(chat::Request request) override {
    return models_->modes.start(std::move(request));
  }

 private:
  std::shared_ptr<ModelsInModes> models_;
};

// $XDG_CACHE_HOME/melete, else ~/.cache/melete.
std::filesystem::path cache_directory() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && *cache == '/') return std::filesystem::path(cache) / "melete";
  const char* home = std::getenv("HOME");
  return home == nullptr ? std::filesystem::path() : std::filesystem::path(home) / ".cache/melete";
}

Result<gateway::ServedModel> load_model(const models::ModelFiles& files, const LoadOptions& load,
                                        std::shared_ptr<engine::ComputeThreads> compute,
                                        Terminal& terminal) {
  ProgressLine progress(terminal, "loading " + files.name);
  engine::EngineOptions options = engine_options(load.engine, files.name);
  options.model = files.model;
  options.projector = files.projector;
  options.compute = std::move(compute);
  options.metrics = load.metrics;
  options.cache = cache_directory();
  options.on_load_progress = [&progress](double part) { progress.update(part); };
  progress.update(0);
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const engine::ProbeOptions probe{program, cache_directory(), {}};
  const auto safe = engine::probe_model(files.model, files.projector, probe);
  if (!safe) {
    progress.clear();
    return std::unexpected(safe.error());
  }
  auto engine = engine::Engine::load(options);
  if (!engine) {
    progress.clear();
    return std::unexpected(engine.error());
  }
  progress.finish(fmt::format("loaded {} in {:.1f} s", files.name, progress.seconds()));
  engine::Engine* const embedder = engine->get();
  return gateway::ServedModel{files.name, std::move(*engine), embedder};
}

// The files of every wanted model, found before the first one is loaded.
Result<std::vector<models::ModelFiles>> find_files(const std::vector<std::string>& wanted) {
  const auto library = models::ModelLibrary::open();
  if (!library) return std::unexpected(library.error());
  std::vector<models::ModelFiles> found;
  for (const std::string& name : wanted) {
    auto files = library->resolve(name);
    if (!files) return std::unexpected(files.error());
    const bool twice =
        std::any_of(found.begin(), found.end(),
                    [&](const models::ModelFiles& other) { return other.name == files->name; });
    if (twice) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("the model {} is given twice: name each model once", files->name),
                  "model");
    }
    found.push_back(std::move(*files));
  }
  return found;
}

// The one model with the projector that was asked for, in place of its own.
Result<std::vector<models::ModelFiles>> with_projector(std::vector<models::ModelFiles> files,
                                                       const std::string& projector) {
  if (files.size() > 1) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("--projector is for one model and there are {}: name each projector "
                            "NAME.mmproj.gguf and put it beside its NAME.gguf",
                            files.size()),
                "projector");
  }
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(projector, ignored)) {
    return fail(
        ErrorCode::NotFound,
        fmt::format("there is no file {}: --projector is a GGUF file with eyes or ears", projector),
        "projector");
  }
  files.front().projector = projector;
  return files;
}

}  // namespace

Result<std::unique_ptr<gateway::Router>> load_models(const LoadOptions& options,
                                                     Terminal& terminal) {
  std::vector<std::string> wanted = options.models;
  if (wanted.empty()) wanted.emplace_back(kDefaultModel);
  auto files = find_files(wanted);
  if (files && options.engine.projector) {
    files = with_projector(std::move(*files), *options.engine.projector);
  }
  if (!files) return std::unexpected(files.error());
  const auto compute = engine::make_compute_threads(options.engine.threads.value_or(0));
  std::vector<gateway::ServedModel> engines;
  for (const models::ModelFiles& model : *files) {
    auto loaded = load_model(model, options, compute, terminal);
    if (!loaded) return std::unexpected(loaded.error());
    engines.push_back(std::move(*loaded));
  }
  std::vector<chat::Embedder*> embedders;
  for (const gateway::ServedModel& engine : engines) embedders.push_back(engine.embedder);
  const auto in_modes = std::make_shared<ModelsInModes>(std::move(engines));
  std::vector<gateway::ServedModel> served;
  for (size_t index = 0; index < files->size(); ++index) {
    served.push_back(
        {(*files)[index].name, std::make_unique<ModelInModes>(in_modes), embedders[index]});
  }
  return std::make_unique<gateway::Router>(std::move(served));
}

}  // namespace melete::cli
