#include "commands/question_kinds.h"

#include <limits>
#include <memory>
#include <utility>

#include "data/order.h"
#include "reinforce/file_questions.h"

namespace melete::train {

Result<std::vector<QuestionKind>> file_kinds(const SourcesConfig& config, uint64_t seed) {
  std::vector<QuestionKind> kinds;
  for (const auto& [name, file] : config.files) {
    Result<QuestionList> questions =
        file_questions(file.path, std::numeric_limits<int64_t>::max(), seed);
    if (!questions) return std::unexpected(questions.error());
    kinds.push_back(questions_of(name, std::move(*questions), seed, file.weight));
  }
  return kinds;
}

Result<std::vector<QuestionKind>> task_kinds(const SourcesConfig& config, uint64_t seed) {
  Result<Tasks> made = tasks_for(config);
  if (!made) return std::unexpected(made.error());
  const auto tasks = std::make_shared<const Tasks>(std::move(*made));
  const Result<std::vector<NamedTask>> chosen = choose_tasks(config, *tasks, scrambled(seed));
  if (!chosen) return std::unexpected(chosen.error());
  std::vector<QuestionKind> kinds;
  for (const NamedTask& named : *chosen) {
    // Owned through all tasks, which stay as long as one is used.
    const std::shared_ptr<const Task> task(tasks, find_task(*tasks, named.name));
    kinds.push_back(questions_of(task, named.source, named.weight));
  }
  return kinds;
}

}  // namespace melete::train
