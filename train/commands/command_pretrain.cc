// `melete-train pretrain`: makes a model from nothing, or goes on where a run stopped.

#include <chrono>
#include <cstdlib>

#include "commands/configured_command.h"
#include "commands/pretraining.h"
#include "commands/run_setup.h"
#include "parallel/group.h"

namespace melete::train {
namespace {

class PretrainCommand final : public ConfiguredCommand {
 public:
  std::string_view name() const override { return "pretrain"; }
  std::string_view help() const override { return "Train a model from scratch, or go on with it"; }

 private:
  Result<std::string> work(const std::filesystem::path& file, const Teller& tell) override {
    const Result<PretrainConfig> config = read_pretrain_config(file);
    if (!config) return std::unexpected(config.error());
    const Result<Place> place = read_place([](const char* name) { return std::getenv(name); });
    if (!place) return std::unexpected(place.error());
    Result<Group> group = Group::join(*place, std::chrono::seconds(config->deadline));
    if (!group) return std::unexpected(group.error());
    const Result<void> done = pretrain(*config, *group, tell);
    if (!done) return std::unexpected(done.error());
    return group->rank() == 0 ? exported_files(config->folder) : std::string();
  }
};

}  // namespace

std::unique_ptr<Command> make_pretrain_command() {
  return std::make_unique<PretrainCommand>();
}

}  // namespace melete::train
