// `melete-train data`: makes a data set from files and tasks, and says what is in it.

#include <fmt/format.h>

#include "commands/configured_command.h"
#include "commands/data_config.h"
#include "corpus/corpus_writer.h"
#include "corpus/preparation.h"
#include "model/config.h"

namespace melete::train {
namespace {

PreparationOptions options_of(const DataConfig& config, std::vector<NamedTask> tasks) {
  PreparationOptions options{.folder = config.folder,
                             .seed = config.seed,
                             .examples = config.examples,
                             .strict = config.strict,
                             .files = {},
                             .tasks = {},
                             .tests = config.tests,
                             .test_run = config.test_run,
                             .filters = config.filters,
                             .media = media_shape(config.model)};
  for (const auto& [name, file] : config.sources.files) {
    options.files.push_back({name, file.path, file.weight});
  }
  for (NamedTask& task : tasks) {
    options.tasks.push_back({std::move(task.name), std::move(task.source), task.weight});
  }
  return options;
}

class DataCommand final : public ConfiguredCommand {
 public:
  std::string_view name() const override { return "data"; }
  std::string_view help() const override { return "Make a data set from files and tasks"; }

 private:
  Result<std::string> work(const std::filesystem::path& file, const Teller& tell) override {
    const Result<DataConfig> config = read_data_config(file);
    if (!config) return std::unexpected(config.error());
    const Result<Tasks> tasks = tasks_for(config->sources);
    if (!tasks) return std::unexpected(tasks.error());
    Result<std::vector<NamedTask>> chosen = choose_tasks(config->sources, *tasks, config->seed);
    if (!chosen) return std::unexpected(chosen.error());
    const Result<CorpusReport> report = prepare(options_of(*config, std::move(*chosen)), tell);
    if (!report) return std::unexpected(report.error());
    return to_text(*report) + fmt::format("\nThe data is in {}; {} tells more.\n",
                                          (config->folder / kCorpusFile).string(),
                                          (config->folder / kReportFile).string());
  }
};

}  // namespace

std::unique_ptr<Command> make_data_command() {
  return std::make_unique<DataCommand>();
}

}  // namespace melete::train
