#include "cli/commands.h"

namespace melete::cli {
namespace {

using MakeCommand = std::unique_ptr<Command> (*)();

constexpr MakeCommand kCommands[] = {
    make_ask_command,  make_chat_command,   make_serve_command, make_demo_command,
    make_pull_command, make_list_command,   make_show_command,  make_rm_command,
    make_eval_command, make_doctor_command, make_probe_command,
};

}  // namespace

std::vector<std::unique_ptr<Command>> make_commands() {
  std::vector<std::unique_ptr<Command>> commands;
  for (const MakeCommand make : kCommands) commands.push_back(make());
  return commands;
}

}  // namespace melete::cli
