// The files and tasks that settings name, as questions whose answers are checked.

#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "commands/sources_config.h"
#include "reinforce/questions.h"

namespace melete::train {

// Every question of each file. Fails as file_questions() does.
Result<std::vector<QuestionKind>> file_kinds(const SourcesConfig& config, uint64_t seed);

// Questions of a seed of their own: those of a pretraining run with the same seed are others. Fails
// as tasks_for() and choose_tasks() do.
Result<std::vector<QuestionKind>> task_kinds(const SourcesConfig& config, uint64_t seed);

}  // namespace melete::train
