// The list of all commands.

#pragma once

#include <memory>
#include <vector>

#include "cli/command.h"

namespace melete::cli {

// Every command once, in the order in which --help shows them.
std::vector<std::unique_ptr<Command>> make_commands();

// One for each command_NAME.cc.
std::unique_ptr<Command> make_ask_command();
std::unique_ptr<Command> make_chat_command();
std::unique_ptr<Command> make_demo_command();
std::unique_ptr<Command> make_doctor_command();
std::unique_ptr<Command> make_eval_command();
std::unique_ptr<Command> make_list_command();
std::unique_ptr<Command> make_probe_command();
std::unique_ptr<Command> make_pull_command();
std::unique_ptr<Command> make_rm_command();
std::unique_ptr<Command> make_serve_command();
std::unique_ptr<Command> make_show_command();

}  // namespace melete::cli
