// The program `melete-train`: CLI11 parses, the commands do the rest.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "commands/command.h"

int main(int argc, char** argv) {
  CLI::App app("Melete's trainer makes the models that melete serves.", "melete-train");
  app.require_subcommand(1);
  std::vector<std::unique_ptr<melete::train::Command>> commands;
  commands.push_back(melete::train::make_data_command());
  commands.push_back(melete::train::make_pretrain_command());
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
