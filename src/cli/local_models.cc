#include "cli/local_models.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/adapter_option.h"
#include "cli/progress.h"
#include "engine/probe.h"
#include "gateway/adapted_model.h"
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
  void read_ahead(const chat::Request& request) override { models_->modes.read_ahead(request); }

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

// What one model is loaded from.
struct WantedModel {
  models::ModelFiles files;
  std::vector<models::AdapterFile> adapters;
};

Result<std::unique_ptr<engine::Engine>> load_model(const WantedModel& wanted,
                                                   const LoadOptions& load,
                                                   std::shared_ptr<engine::ComputeThreads> compute,
                                                   Terminal& terminal) {
  const models::ModelFiles& files = wanted.files;
  ProgressLine progress(terminal, "loading " + files.name);
  engine::EngineOptions options = engine_options(load.engine, files.name);
  options.model = files.model;
  options.projector = files.projector;
  options.adapters = wanted.adapters;
  options.compute = std::move(compute);
  options.metrics = load.metrics;
  options.cache = cache_directory();
  options.on_load_progress = [&progress](double part) { progress.update(part); };
  progress.update(0);
  std::error_code ignored;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", ignored);
  const engine::ProbeOptions probe{
      .program = program, .cache = cache_directory(), .adapters = wanted.adapters};
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
  return engine;
}

// The files of every wanted model, found before the first one is loaded.
Result<std::vector<WantedModel>> find_files(const std::vector<std::string>& wanted) {
  const auto library = models::ModelLibrary::open();
  if (!library) return std::unexpected(library.error());
  std::vector<WantedModel> found;
  for (const std::string& name : wanted) {
    auto files = library->resolve(name);
    if (!files) return std::unexpected(files.error());
    const bool twice = std::ranges::any_of(
        found, [&](const WantedModel& other) { return other.files.name == files->name; });
    if (twice) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("the model {} is given twice: name each model once", files->name),
                  "model");
    }
    found.push_back({std::move(*files), {}});
  }
  return found;
}

// Gives the one model the projector that was asked for, in place of its own.
Result<void> set_projector(const std::string& projector, std::vector<WantedModel>& wanted) {
  if (wanted.size() > 1) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("--projector is for one model and there are {}: name each projector "
                            "NAME.mmproj.gguf and put it beside its NAME.gguf",
                            wanted.size()),
                "projector");
  }
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(projector, ignored)) {
    return fail(
        ErrorCode::NotFound,
        fmt::format("there is no file {}: --projector is a GGUF file with eyes or ears", projector),
        "projector");
  }
  wanted.front().files.projector = projector;
  return {};
}

// Gives each adapter to the model that it names.
Result<void> deal_adapters(const std::vector<std::string>& options,
                           std::vector<WantedModel>& wanted) {
  for (const std::string& text : options) {
    auto option = read_adapter_option(text);
    if (!option) return std::unexpected(option.error());
    const auto model = std::ranges::find_if(wanted, [&](const WantedModel& candidate) {
      return option->model.empty() || candidate.files.name == option->model;
    });
    if (model == wanted.end()) {
      return fail(ErrorCode::NotFound,
                  fmt::format("the adapter {} is of {}, which is not loaded: add --model {}",
                              option->adapter.name, option->model, option->model),
                  "adapter");
    }
    model->adapters.push_back(std::move(option->adapter));
  }
  return {};
}

std::unique_ptr<gateway::AdaptedModel> adapted_model(engine::Engine& engine,
                                                     const std::string& model,
                                                     const models::AdapterFile& adapter) {
  return std::make_unique<gateway::AdaptedModel>(engine, model, adapter.name,
                                                 models::reasoning_percent(adapter.file));
}

// A model, then each of its adapters.
void add_served(std::vector<gateway::ServedModel>& served, const WantedModel& wanted,
                std::unique_ptr<engine::Engine> engine) {
  const std::string& name = wanted.files.name;
  engine::Engine& model = *engine;
  served.push_back({name, std::move(engine), &model});
  for (const models::AdapterFile& adapter : wanted.adapters) {
    served.push_back(
        {gateway::adapted_name(name, adapter.name), adapted_model(model, name, adapter)});
  }
}

using Engines = std::map<std::string, engine::Engine*>;

// Below the modes and above them.
Result<void> add_adapter(const Engines& engines, const std::shared_ptr<ModelsInModes>& in_modes,
                         gateway::Router& router, const std::string& model,
                         const models::AdapterFile& adapter) {
  const auto found = engines.find(model);
  if (found == engines.end()) {
    return fail(ErrorCode::NotFound, fmt::format("{} is not loaded here.", model), "model");
  }
  if (auto added = found->second->add_adapter(adapter); !added) return added;
  const std::string name = gateway::adapted_name(model, adapter.name);
  auto adapted = adapted_model(*found->second, model, adapter);
  if (auto below = in_modes->engines.add({name, std::move(adapted)}); !below) return below;
  return router.add({name, std::make_unique<ModelInModes>(in_modes)});
}

}  // namespace

Result<LocalModels> load_models(const LoadOptions& options, Terminal& terminal) {
  std::vector<std::string> wanted = options.models;
  if (wanted.empty()) wanted.emplace_back(kDefaultModel);
  auto found = find_files(wanted);
  if (!found) return std::unexpected(found.error());
  if (options.engine.projector) {
    const auto set = set_projector(*options.engine.projector, *found);
    if (!set) return std::unexpected(set.error());
  }
  const auto dealt = deal_adapters(options.engine.adapters, *found);
  if (!dealt) return std::unexpected(dealt.error());
  const auto compute = engine::make_compute_threads(options.engine.threads.value_or(0));
  LocalModels local;
  Engines by_name;
  std::vector<gateway::ServedModel> engines;
  for (const WantedModel& model : *found) {
    auto loaded = load_model(model, options, compute, terminal);
    if (!loaded) return std::unexpected(loaded.error());
    by_name[model.files.name] = loaded->get();
    local.files[model.files.name] = model.files.model;
    add_served(engines, model, std::move(*loaded));
  }
  std::vector<gateway::ServedModel> served;
  for (const gateway::ServedModel& engine : engines) {
    served.push_back({engine.name, nullptr, engine.embedder});
  }
  const auto in_modes = std::make_shared<ModelsInModes>(std::move(engines));
  for (gateway::ServedModel& model : served) {
    model.backend = std::make_unique<ModelInModes>(in_modes);
  }
  local.router = std::make_unique<gateway::Router>(std::move(served));
  local.add_adapter = [by_name, in_modes, router = local.router.get()](
                          const std::string& model, const models::AdapterFile& adapter) {
    return add_adapter(by_name, in_modes, *router, model, adapter);
  };
  return local;
}

}  // namespace melete::cli
