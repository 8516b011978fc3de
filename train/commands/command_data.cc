// `melete-train data`: makes a data set from files and tasks, and says what is in it.

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <iostream>

#include "commands/command.h"
#include "commands/data_config.h"
#include "commands/status_line.h"
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

class DataCommand final : public Command {
 public:
  std::string_view name() const override { return "data"; }
  std::string_view help() const override { return "Make a data set from files and tasks"; }

  void declare(CLI::App& app) override {
    app.add_option("--config", file_, "A TOML file; docs/training.md tells what may stand in it")
        ->required();
  }

  int run() override {
    const Result<DataConfig> config = read_data_config(file_);
    if (!config) return complain(config.error());
    const Result<Tasks> tasks = tasks_for(config->sources);
    if (!tasks) return complain(tasks.error());
    Result<std::vector<NamedTask>> chosen = choose_tasks(config->sources, *tasks, config->seed);
    if (!chosen) return complain(chosen.error());
    StatusLine line;
    const Result<CorpusReport> report = prepare(options_of(*config, std::move(*chosen)),
                                                [&](std::string_view text) { line.tell(text); });
    line.end();
    if (!report) return complain(report.error());
    std::cout << to_text(*report)
              << fmt::format("\nThe data is in {}; {} tells more.\n",
                             (config->folder / kCorpusFile).string(),
                             (config->folder / kReportFile).string());
    return 0;
  }

 private:
  static int complain(const Error& error) {
    std::cerr << "melete-train data: " << error.message << '\n';
    return 1;
  }

  std::string file_;
};

}  // namespace

std::unique_ptr<Command> make_data_command() {
  return std::make_unique<DataCommand>();
}

}  // namespace melete::train
