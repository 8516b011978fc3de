// The files and tasks that settings name, as questions whose answers are checked.

#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "commands/sources_config.h"
#include "reinforce/questions.h"

namespace melete::train {

struct QuestionDraw {
  uint64_t seed = 1;
  int64_t most = std::numeric_limits<int64_t>::max();  // of each file
  Duration deadline = std::chrono::seconds(10);        // of a program that checks one answer
};

// The questions of a file, named as in the settings. Fails as file_questions() and
// ProgramVerifier::start() do.
Result<QuestionList> questions_of(const std::string& name, const FileShare& file,
                                  const QuestionDraw& draw);

// Those of each file. Fails as questions_of() does.
Result<std::vector<QuestionKind>> file_kinds(const SourcesConfig& config, const QuestionDraw& draw);

// What the questions of tasks are for: each purpose has its own, and a pretraining run with the
// same seed has others again.
enum class Purpose { Reinforcing, Examining };

// Those of each task. Fails as tasks_for() and choose_tasks() do.
Result<std::vector<QuestionKind>> task_kinds(const SourcesConfig& config, uint64_t seed,
                                             Purpose purpose);

}  // namespace melete::train
