// `melete-train examine`: tells what a trained model can do.

#include <fmt/format.h>

#include "commands/configured_command.h"
#include "commands/examination.h"

namespace melete::train {
namespace {

class ExamineCommand final : public ConfiguredCommand {
 public:
  std::string_view name() const override { return "examine"; }
  std::string_view help() const override {
    return "Ask a trained model questions and check its answers";
  }

 private:
  Result<std::string> work(const std::filesystem::path& file, const Teller& tell) override {
    const Result<ExamineConfig> config = read_examine_config(file);
    if (!config) return std::unexpected(config.error());
    const Result<std::vector<SubjectFigures>> subjects = examine(*config, tell);
    if (!subjects) return std::unexpected(subjects.error());
    return to_text(*subjects) +
           fmt::format("\nEvery answer is in {}.\n", (config->folder / kAnswersFile).string());
  }
};

}  // namespace

std::unique_ptr<Command> make_examine_command() {
  return std::make_unique<ExamineCommand>();
}

}  // namespace melete::train
