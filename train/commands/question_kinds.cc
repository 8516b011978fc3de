#include "commands/question_kinds.h"

#include <memory>
#include <utility>

#include "data/order.h"
#include "reinforce/file_questions.h"
#include "reinforce/program_verifier.h"

namespace melete::train {

Result<QuestionList> questions_of(const std::string& name, const FileShare& file,
                                  const QuestionDraw& draw) {
  if (file.verifier.empty()) return file_questions(file.path, draw.most, draw.seed);
  const Result<std::shared_ptr<const Verifier>> verifier = ProgramVerifier::start(
      name, {.arguments = file.verifier, .folder = file.folder, .deadline = draw.deadline});
  if (!verifier) return std::unexpected(verifier.error());
  return file_questions(file.path, draw.most, draw.seed, *verifier);
}

Result<std::vector<QuestionKind>> file_kinds(const SourcesConfig& config,
                                             const QuestionDraw& draw) {
  std::vector<QuestionKind> kinds;
  for (const auto& [name, file] : config.files) {
    Result<QuestionList> questions = questions_of(name, file, draw);
    if (!questions) return std::unexpected(questions.error());
    kinds.push_back(questions_of(name, std::move(*questions), draw.seed, file.weight));
  }
  return kinds;
}

Result<std::vector<QuestionKind>> task_kinds(const SourcesConfig& config, uint64_t seed,
                                             Purpose purpose) {
  Result<Tasks> made = tasks_for(config);
  if (!made) return std::unexpected(made.error());
  const auto tasks = std::make_shared<const Tasks>(std::move(*made));
  const uint64_t own_seed = scrambled(scrambled(seed + 1) + static_cast<uint64_t>(purpose));
  const Result<std::vector<NamedTask>> chosen = choose_tasks(config, *tasks, own_seed);
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
