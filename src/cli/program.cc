// CLI11 parses; the commands do the rest.

#include "cli/program.h"

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>

#include "cli/commands.h"

namespace melete::cli {
namespace {

constexpr const char* kAbout =
    "Melete answers questions in three modes with models that run on this machine.";
constexpr const char* kExamples =
    "Examples:\n"
    "  melete ask \"Why is the sky blue?\"\n"
    "  melete ask --mode contemplating \"What is 17 * 23?\"\n"
    "  melete serve --model qwen2.5-coder-1.5b\n"
    "`melete COMMAND --help` tells a command's options.";

struct Subcommand {
  CLI::App* app;
  Command* command;
};

int run_command(Command& command) {
  Terminal error = standard_error();
  try {
    return command.run();
  } catch (const std::exception& problem) {
    return report(error, {ErrorCode::Internal, problem.what(), {}});
  }
}

}  // namespace

int run_program(int argc, const char* const* argv) {
  CLI::App app(kAbout, "melete");
  app.footer(kExamples);
  app.set_version_flag("--version", "melete " MELETE_VERSION, "Print the version and exit");
  app.require_subcommand(0, 1);

  const auto commands = make_commands();
  std::vector<Subcommand> subcommands;
  for (const auto& command : commands) {
    CLI::App* subcommand =
        app.add_subcommand(std::string(command->name()), std::string(command->help()));
    command->declare(*subcommand);
    subcommands.push_back({subcommand, command.get()});
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    return app.exit(problem) == 0 ? 0 : kExitUsage;
  }
  for (const Subcommand& subcommand : subcommands) {
    if (subcommand.app->parsed()) return run_command(*subcommand.command);
  }
  std::cout << app.help();
  return 0;
}

int report(Terminal& terminal, const Error& error) {
  terminal.line("melete: " + printable(error.message));
  return kExitFailure;
}

}  // namespace melete::cli
