// The program `melete-train`: CLI11 parses, the commands do the rest.

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "commands/command.h"

int main(int argc, char** argv) {
  CLI::App app("Melete's trainer makes the models that melete serves.", "melete-train");
  app.require_subcommand(1);
  const std::unique_ptr<melete::train::Command> command = melete::train::make_pretrain_command();
  CLI::App* subcommand =
      app.add_subcommand(std::string(command->name()), std::string(command->help()));
  command->declare(*subcommand);
  try {
    app.parse(argc, argv);
    return command->run();
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : 2;
  } catch (const std::exception& problem) {
    std::cerr << "melete-train: " << problem.what() << '\n';
    return 1;
  }
}
