// `melete serve`: the server, until it is told to end.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/local_models.h"
#include "cli/missing_model.h"
#include "cli/program.h"
#include "cli/serving.h"

namespace melete::cli {
namespace {

class ServeCommand final : public Command {
 public:
  std::string_view name() const override { return "serve"; }
  std::string_view help() const override { return "Answer over HTTP, with a page for people"; }

  void declare(CLI::App& app) override {
    declare_serve_settings(app, settings_);
    app.add_option("--config", config_, "a TOML file with settings of the same names");
  }

  int run() override {
    Terminal terminal = standard_error();
    ServeSettings settings = settings_;
    if (!config_.empty()) {
      const auto read = read_config(config_);
      if (!read) return report(terminal, read.error());
      settings = merge(std::move(settings), *read);
    }
    const auto offered = offer_missing(settings, terminal);
    if (!offered) return report(terminal, offered.error());
    auto serving = Serving::start(settings, terminal);
    if (!serving) return report(terminal, serving.error());
    terminal.line(fmt::format("serving {} at {} (Ctrl-C ends it)",
                              fmt::join(serving->models(), ", "), serving->url()));
    serving->wait_for_end(terminal);
    return 0;
  }

 private:
  static Result<void> offer_missing(const ServeSettings& settings, Terminal& terminal) {
    if (isatty(STDIN_FILENO) != 1) return {};
    const auto library = models::ModelLibrary::open();
    if (!library) return std::unexpected(library.error());
    std::vector<std::string> wanted = settings.models;
    if (wanted.empty()) wanted.emplace_back(kDefaultModel);
    for (const std::string& model : wanted) {
      auto offered = offer_if_missing(*library, model, terminal, std::cin);
      if (!offered) return offered;
    }
    return {};
  }

  ServeSettings settings_;
  std::string config_;
};

}  // namespace

std::unique_ptr<Command> make_serve_command() {
  return std::make_unique<ServeCommand>();
}

}  // namespace melete::cli
