// What settings of every kind name alike: the files and tasks that examples come from, by weight,
// and the size of the model that they are for.

#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "commands/settings.h"
#include "data/mixture.h"
#include "data/registry.h"
#include "data/task_source.h"
#include "model/config.h"

namespace melete::train {

// A file of examples, and how often one of it is drawn.
struct FileShare {
  std::filesystem::path path;
  double weight = 1;                  // relative to all files and tasks; above 0
  std::vector<std::string> verifier;  // a program that checks answers, with its arguments, which
                                      // runs in the settings' folder; empty: the file's answers do
  std::filesystem::path folder;       // of the settings
};

// How often a task is drawn, and how hard.
struct TaskShare {
  double weight = 1;
  Difficulties difficulties;
};

struct SourcesConfig {
  std::map<std::string, FileShare> files;  // by a name of the user's
  std::map<std::string, TaskShare> tasks;  // by the task's name; empty: all alike if no files are
  TraceShares traces;
  RealData real;
};

// Reads the tables [files], [tasks] and [data]; paths are relative to `base`.
SourcesConfig read_sources(Section& root, const std::filesystem::path& base);

// The same without traces, where each example has to be a question that is checked: by a program
// where a file's `verifier` names one.
SourcesConfig read_questions(Section& root, const std::filesystem::path& base);

// The size under a key, S, M or L; nothing where the key is not there.
std::optional<ModelConfig> read_size(Section& section, std::string_view key);

// Reads [model]: its size, S where nothing is said, and the side of its eye where it is another
// than the size's own.
ModelConfig read_model(Section section);

// A task as settings name it, ready to be drawn from.
struct NamedTask {
  std::string name;
  double weight = 1;
  std::shared_ptr<const TaskSource> source;
};

// What choose_tasks() needs: every task, or none where only files are drawn from. Fails where files
// cannot be read.
Result<Tasks> tasks_for(const SourcesConfig& config);

// The tasks that are drawn from; `tasks` must outlive them. Fails with NotFound, naming the key,
// where there is none of a name.
Result<std::vector<NamedTask>> choose_tasks(const SourcesConfig& config, const Tasks& tasks,
                                            uint64_t seed);

// Files and tasks by their weights; `tasks` must outlive it. Fails where a file cannot be read, and
// as choose_tasks() does.
Result<Mixture> make_mixture(const SourcesConfig& config, const Tasks& tasks, uint64_t seed);

}  // namespace melete::train
