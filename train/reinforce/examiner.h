// Asks the model questions and has its answers checked.

#pragma once

#include <torch/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "data/sequence.h"
#include "reinforce/answer.h"
#include "reinforce/figures.h"
#include "reinforce/questions.h"
#include "reinforce/sampler.h"

namespace melete::train {

struct CheckedAnswer {
  Rollout rollout;
  Answer read;
  bool right = false;
};

// One question, and every answer to it.
struct Examined {
  Sequence prompt;
  int difficulty = 0;  // of the problem; 0: not known
  std::vector<CheckedAnswer> answers;
};

struct ExaminerOptions {
  int64_t most_tokens = 256;  // of an answer
  Duration verifier_deadline = std::chrono::seconds(10);
  bool thinking = false;            // every answer is made to begin with reasoning
  RolloutSource* source = nullptr;  // writes the answers; null: the model by its own path
};

// Not thread-safe.
class Examiner {
 public:
  // Both references must outlive it; `type` is that of activations.
  Examiner(const Model& model, const Language& language, torch::ScalarType type,
           ExaminerOptions options);

  // `copies` answers to each question; `seed` decides them. Fails as Language::question(),
  // grade() and the source do.
  Result<std::vector<Examined>> sampled(const QuestionList& questions, int64_t copies,
                                        uint64_t seed) const;

  // The likeliest answer to each. Fails likewise.
  Result<std::vector<Examined>> likeliest(const QuestionList& questions) const;

 private:
  Result<std::vector<Examined>> ask(const QuestionList& questions, int64_t copies, uint64_t seed,
                                    Choice choice) const;

  Result<std::vector<Rollout>> write(std::span<const Prompt> prompts, int64_t copies,
                                     Choice choice) const;

  const Model& model_;
  const Language& language_;
  torch::ScalarType type_;
  ExaminerOptions options_;
  std::vector<int32_t> opening_;  // stands behind every question
};

// Means over all answers to all questions.
AnswerFigures figures_of(std::span<const Examined> examined);

// The same of each difficulty; questions of which it is not known are left out.
FiguresByDifficulty figures_by_difficulty(std::span<const Examined> examined);

}  // namespace melete::train
