#include "cli/answerer.h"

#include <CLI/CLI.hpp>
#include <utility>
#include <vector>

#include "cli/local_models.h"
#include "cli/question.h"
#include "cli/remote_backend.h"

namespace melete::cli {
namespace {

Result<Answerer> open_remote(const AnswererOptions& options) {
  const auto server = parse_server(options.server);
  if (!server) return std::unexpected(server.error());
  auto remote = std::make_unique<RemoteBackend>(*server);
  std::string model = split_model(options.model).name;
  if (model.empty()) {
    const auto names = remote->models();
    if (!names) return std::unexpected(names.error());
    if (names->empty()) return fail(ErrorCode::NotFound, "the server serves no model", "server");
    model = names->front();
  }
  return Answerer{std::move(remote), std::move(model)};
}

}  // namespace

void declare_answerer_options(CLI::App& app, AnswererOptions& options) {
  app.add_option("--model", options.model, "a model's name or a GGUF file");
  auto* server = app.add_option(
      "--server", options.server,
      "ask a running server, e.g. http://127.0.0.1:8080, instead of loading a model");
  declare_engine_settings(app, options.engine);
  app.get_option("--adapter")->excludes(server);
}

Result<Answerer> open_answerer(const AnswererOptions& options, Terminal& terminal) {
  if (!options.server.empty()) return open_remote(options);
  LoadOptions load;
  const std::string wanted = split_model(options.model).name;
  if (!wanted.empty()) load.models = {wanted};
  load.engine = options.engine;
  auto local = load_models(load, terminal);
  if (!local) return std::unexpected(local.error());
  // Whoever loads an adapter for a question wants it to answer: it follows its model.
  const std::vector<std::string> names = local->router->models();
  std::string name = names[options.engine.adapters.empty() ? 0 : 1];
  return Answerer{std::move(local->router), std::move(name)};
}

}  // namespace melete::cli
