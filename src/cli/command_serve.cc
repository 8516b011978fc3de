// `melete serve`: the server, until it is told to end.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <string>

#include "cli/commands.h"
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
    auto serving = Serving::start(settings, terminal);
    if (!serving) return report(terminal, serving.error());
    terminal.line(fmt::format("serving {} at {} (Ctrl-C ends it)",
                              fmt::join(serving->models(), ", "), serving->url()));
    serving->wait_for_end(terminal);
    return 0;
  }

 private:
  ServeSettings settings_;
  std::string config_;
};

}  // namespace

std::unique_ptr<Command> make_serve_command() {
  return std::make_unique<ServeCommand>();
}

}  // namespace melete::cli
