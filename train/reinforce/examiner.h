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
  std::vector<CheckedAnswer> answers;
};

struct ExaminerOptions {
  int64_t most_tokens = 256;  // of an answer
  Duration verifier_deadline = std::chrono::seconds(10);
};

// Not thread-safe.
class Examiner {
 public:
  // Both references must outlive it; `type` is that of activations.
  Examiner(const Model& model, const QuestionSource& source, torch::ScalarType type,
           ExaminerOptions options);

  // `copies` answers to each of the questions; `seed` decides them. Fails as grade() does.
  Result<std::vector<Examined>> sampled(std::span<const uint64_t> numbers, int64_t copies,
                                        uint64_t seed) const;

  // The likeliest answer to each, measured. Fails as grade() does.
  Result<AnswerFigures> measure(std::span<const uint64_t> numbers) const;

 private:
  Result<std::vector<Examined>> ask(std::span<const uint64_t> numbers, int64_t copies,
                                    uint64_t seed, Choice choice) const;

  const Model& model_;
  const QuestionSource& source_;
  torch::ScalarType type_;
  ExaminerOptions options_;
  SequenceWriter writer_;
  Tokenizer tokenizer_;
};

// Means over all answers to all questions.
AnswerFigures figures_of(std::span<const Examined> examined);

}  // namespace melete::train
