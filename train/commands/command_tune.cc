// `melete-train tune`: teaches a model that is there already, beside its weights.

#include "commands/configured_command.h"
#include "commands/open_weights.h"
#include "commands/tuning.h"

namespace melete::train {
namespace {

class TuneCommand final : public ConfiguredCommand {
 public:
  std::string_view name() const override { return "tune"; }
  std::string_view help() const override { return "Teach an open model by a low-rank adapter"; }

 private:
  Result<std::string> work(const std::filesystem::path& file, const Teller& tell) override {
    const Result<TuneConfig> config = read_tune_config(file);
    if (!config) return std::unexpected(config.error());
    const Result<void> done = tune(*config, tell);
    if (!done) return std::unexpected(done.error());
    return exported_adapter(config->base, config->folder);
  }
};

}  // namespace

std::unique_ptr<Command> make_tune_command() {
  return std::make_unique<TuneCommand>();
}

}  // namespace melete::train
