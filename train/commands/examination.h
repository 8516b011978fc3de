// What a trained model can do: questions of tasks and files, and how many of its likeliest answers
// are right.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "commands/examine_config.h"
#include "data/teller.h"
#include "reinforce/figures.h"

namespace melete::train {

// Every answer, one on a line: what was asked, what is right, and what the model said.
inline constexpr std::string_view kAnswersFile = "answers.jsonl";
inline constexpr std::string_view kFiguresFile = "figures.json";

struct SubjectFigures {
  std::string name;  // of a task or, as settings name it, of a file
  AnswerFigures figures;
};

// Writes both files and gives the figures, files first. `tell` gets a line for people after some
// questions each. Fails as reading files, weights and tasks, and grade() do.
Result<std::vector<SubjectFigures>> examine(const ExamineConfig& config, const Teller& tell);

// A table in Markdown, with 95 % intervals (Wilson's) of what is right.
std::string to_text(const std::vector<SubjectFigures>& subjects);

}  // namespace melete::train
