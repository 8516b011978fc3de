// The program `melete-train`: CLI11 parses, the commands do the rest.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "commands/command.h"

namespace {

// OpenMP's idle threads spin by default, which beside another busy program makes training many
// times slower; told to sleep they cost a few percent on an idle machine. They are told before the
// program is loaded, so it loads itself once more. Whoever has set either variable has chosen.
void sleep_while_idle(char** argv) {
  if (std::getenv("OMP_WAIT_POLICY") != nullptr || std::getenv("GOMP_SPINCOUNT") != nullptr) return;
  setenv("OMP_WAIT_POLICY", "passive", 1);
  execv("/proc/self/exe", argv);
}

}  // namespace

int main(int argc, char** argv) {
  sleep_while_idle(argv);
  CLI::App app("Melete's trainer makes the models that melete serves.", "melete-train");
  app.require_subcommand(1);
  std::vector<std::unique_ptr<melete::train::Command>> commands;
  commands.push_back(melete::train::make_data_command());
  commands.push_back(melete::train::make_pretrain_command());
  commands.push_back(melete::train::make_reinforce_command());
  commands.push_back(melete::train::make_tune_command());
  commands.push_back(melete::train::make_examine_command());
  commands.push_back(melete::train::make_curves_command());
  for (const auto& command : commands) {
    command->declare(
        *app.add_subcommand(std::string(command->name()), std::string(command->help())));
  }
  try {
    app.parse(argc, argv);
    const std::string chosen = app.get_subcommands().front()->get_name();
    return (*std::ranges::find(commands, chosen,
                               [](const auto& command) { return command->name(); }))
        ->run();
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  } catch (const std::exception& problem) {
    std::cerr << "melete-train: " << problem.what() << '\n';
    return 1;
  }
}
