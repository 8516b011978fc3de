#include "commands/configured_command.h"

#include <CLI/CLI.hpp>
#include <iostream>

#include "commands/status_line.h"

namespace melete::train {

void ConfiguredCommand::declare(CLI::App& app) {
  app.add_option("--config", config_, "A TOML file; docs/training.md tells what may stand in it")
      ->required();
}

int ConfiguredCommand::run() {
  StatusLine line;
  const Result<std::string> done = work(config_, [&](std::string_view text) { line.tell(text); });
  line.end();
  if (!done) {
    std::cerr << "melete-train " << name() << ": " << done.error().message << '\n';
    return 1;
  }
  std::cout << *done;
  return 0;
}

}  // namespace melete::train
