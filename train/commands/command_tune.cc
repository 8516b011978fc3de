// `melete-train tune`: teaches a model that is there already, beside its weights.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>

#include "commands/command.h"
#include "commands/status_line.h"
#include "commands/tuning.h"

namespace melete::train {
namespace {

class TuneCommand final : public Command {
 public:
  std::string_view name() const override { return "tune"; }
  std::string_view help() const override { return "Teach an open model by a low-rank adapter"; }

  void declare(CLI::App& app) override {
    app.add_option("--config", file_, "A TOML file; docs/training.md tells what may stand in it")
        ->required();
  }

  int run() override {
    const Result<TuneConfig> config = read_tune_config(file_);
    if (!config) return report(config.error());
    StatusLine line;
    const Result<void> done = tune(*config, [&](std::string_view text) { line.tell(text); });
    line.end();
    if (!done) return report(done.error());
    std::cout << fmt::format("The adapter to {} is {}.\n", config->model,
                             (config->folder / kAdapterFile).string());
    return 0;
  }

 private:
  static int report(const Error& error) {
    std::cerr << "melete-train tune: " << error.message << '\n';
    return 1;
  }

  std::string file_;
};

}  // namespace

std::unique_ptr<Command> make_tune_command() {
  return std::make_unique<TuneCommand>();
}

}  // namespace melete::train
