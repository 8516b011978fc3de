// One command of the program `melete`: its name, its options, and what it does.
//
// A command lives in one file, command_NAME.cc, which exports make_NAME_command(); commands.cc
// lists them.

#pragma once

#include <string_view>

namespace CLI {
class App;
}

namespace melete::cli {

// Made at every start of the program, also for --help: a constructor does no work. declare() is
// called once, and run() at most once after it, on the main thread.
class Command {
 public:
  virtual ~Command() = default;

  virtual std::string_view name() const = 0;

  // One line for the list of commands.
  virtual std::string_view help() const = 0;

  // Adds the options of its subcommand.
  virtual void declare(CLI::App& app) = 0;

  // Does the work; the exit status. Errors are told on standard error.
  virtual int run() = 0;
};

}  // namespace melete::cli
