// `melete-train reinforce`: goes on with a trained model by what its answers are worth.

#include "commands/configured_command.h"
#include "commands/learner.h"
#include "commands/reinforcement.h"

namespace melete::train {
namespace {

class ReinforceCommand final : public ConfiguredCommand {
 public:
  std::string_view name() const override { return "reinforce"; }
  std::string_view help() const override {
    return "Teach a trained model to be right with less thought";
  }

 private:
  Result<std::string> work(const std::filesystem::path& file, const Teller& tell) override {
    const Result<ReinforceConfig> config = read_reinforce_config(file);
    if (!config) return std::unexpected(config.error());
    const Result<void> done = reinforce(*config, tell);
    if (!done) return std::unexpected(done.error());
    return exported_learner(*config);
  }
};

}  // namespace

std::unique_ptr<Command> make_reinforce_command() {
  return std::make_unique<ReinforceCommand>();
}

}  // namespace melete::train
