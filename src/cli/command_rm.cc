// `melete rm`: removes a model from this machine.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/terminal.h"
#include "models/model_library.h"
#include "models/units.h"

namespace melete::cli {
namespace {

class RmCommand final : public Command {
 public:
  std::string_view name() const override { return "rm"; }
  std::string_view help() const override { return "Remove models from this machine"; }

  void declare(CLI::App& app) override {
    app.add_option("model", names_, "Names of models that `melete list` shows as here")->required();
  }

  int run() override {
    const auto directory = models::ModelDirectory::standard();
    int status = 0;
    for (const std::string& name : names_) {
      const auto freed = directory.remove(name);
      if (freed) {
        standard_output().line(
            fmt::format("{} is removed: {} are free again", name, models::decimal_bytes(*freed)));
      } else {
        standard_error().line(fmt::format("melete rm: {}", freed.error().message));
        status = 1;
      }
    }
    return status;
  }

 private:
  std::vector<std::string> names_;
};

}  // namespace

std::unique_ptr<Command> make_rm_command() {
  return std::make_unique<RmCommand>();
}

}  // namespace melete::cli
