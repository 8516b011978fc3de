// One command of the program `melete-train`, as those of `melete`: its name, its options, and what
// it does.

#pragma once

#include <memory>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace melete::train {

// declare() is called once, and run() at most once after it, on the main thread.
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

std::unique_ptr<Command> make_curves_command();
std::unique_ptr<Command> make_data_command();
std::unique_ptr<Command> make_examine_command();
std::unique_ptr<Command> make_pretrain_command();
std::unique_ptr<Command> make_reinforce_command();
std::unique_ptr<Command> make_tune_command();

}  // namespace melete::train
