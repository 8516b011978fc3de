// What commands have alike whose settings are one TOML file: the option that names it, a line that
// shows how far they are, and how they tell what is wrong.

#pragma once

#include <filesystem>
#include <string>

#include "base/error.h"
#include "commands/command.h"
#include "data/teller.h"

namespace melete::train {

class ConfiguredCommand : public Command {
 public:
  void declare(CLI::App& app) final;
  int run() final;

 private:
  // Does the work by the settings in `config`. What it gives is written to standard output.
  virtual Result<std::string> work(const std::filesystem::path& config, const Teller& tell) = 0;

  std::string config_;
};

}  // namespace melete::train
