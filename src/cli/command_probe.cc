// `melete probe MODEL [PROJECTOR] [--adapter FILE]`, hidden: loads files, so that a parent process
// learns whether that ends well.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "engine/probe.h"

namespace melete::cli {
namespace {

class ProbeCommand final : public Command {
 public:
  std::string_view name() const override { return "probe"; }
  std::string_view help() const override { return "Load a model in this process, and end"; }

  void declare(CLI::App& app) override {
    app.group("");
    app.add_option("model", model_, "a GGUF file")->required();
    app.add_option("projector", projector_, "a GGUF file with eyes or ears");
    app.add_option("--adapter", adapters_, "a GGUF file with an adapter")->allow_extra_args(false);
  }

  int run() override {
    return engine::probe_main(model_, projector_, {adapters_.begin(), adapters_.end()});
  }

 private:
  std::string model_;
  std::string projector_;
  std::vector<std::string> adapters_;
};

}  // namespace

std::unique_ptr<Command> make_probe_command() {
  return std::make_unique<ProbeCommand>();
}

}  // namespace melete::cli
