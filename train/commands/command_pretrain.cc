// `melete-train pretrain`: makes a model from nothing, or goes on where a run stopped.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "commands/command.h"
#include "commands/pretraining.h"
#include "commands/status_line.h"
#include "parallel/group.h"

namespace melete::train {
namespace {

class PretrainCommand final : public Command {
 public:
  std::string_view name() const override { return "pretrain"; }
  std::string_view help() const override { return "Train a model from scratch, or go on with it"; }

  void declare(CLI::App& app) override {
    app.add_option("--config", file_, "A TOML file; docs/training.md tells what may stand in it")
        ->required();
  }

  int run() override {
    const Result<PretrainConfig> config = read_pretrain_config(file_);
    if (!config) return report(config.error());
    const Result<Place> place = read_place([](const char* name) { return std::getenv(name); });
    if (!place) return report(place.error());
    Result<Group> group = Group::join(*place, std::chrono::seconds(config->deadline));
    if (!group) return report(group.error());
    StatusLine line;
    const Result<void> done =
        pretrain(*config, *group, [&](std::string_view text) { line.tell(text); });
    line.end();
    if (!done) return report(done.error());
    if (group->rank() != 0) return 0;
    std::cout << fmt::format("The model is in {} and {}.\n",
                             (config->folder / kDecoderFile).string(),
                             (config->folder / kProjectorFile).string());
    return 0;
  }

 private:
  static int report(const Error& error) {
    std::cerr << "melete-train pretrain: " << error.message << '\n';
    return 1;
  }

  std::string file_;
};

}  // namespace

std::unique_ptr<Command> make_pretrain_command() {
  return std::make_unique<PretrainCommand>();
}

}  // namespace melete::train
