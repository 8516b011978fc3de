// `melete-train reinforce`: goes on with a trained model by what its answers are worth.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>

#include "commands/command.h"
#include "commands/reinforcement.h"
#include "commands/status_line.h"

namespace melete::train {
namespace {

class ReinforceCommand final : public Command {
 public:
  std::string_view name() const override { return "reinforce"; }
  std::string_view help() const override {
    return "Teach a trained model to be right with less thought";
  }

  void declare(CLI::App& app) override {
    app.add_option("--config", file_, "A TOML file; docs/training.md tells what may stand in it")
        ->required();
  }

  int run() override {
    const Result<ReinforceConfig> config = read_reinforce_config(file_);
    if (!config) return report(config.error());
    StatusLine line;
    const Result<void> done = reinforce(*config, [&](std::string_view text) { line.tell(text); });
    line.end();
    if (!done) return report(done.error());
    std::cout << fmt::format("The model is in {} and {}.\n",
                             (config->folder / kDecoderFile).string(),
                             (config->folder / kProjectorFile).string());
    return 0;
  }

 private:
  static int report(const Error& error) {
    std::cerr << "melete-train reinforce: " << error.message << '\n';
    return 1;
  }

  std::string file_;
};

}  // namespace

std::unique_ptr<Command> make_reinforce_command() {
  return std::make_unique<ReinforceCommand>();
}

}  // namespace melete::train
