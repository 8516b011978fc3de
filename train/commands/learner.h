// The model that a run of reinforcement teaches: one of our own, all of whose weights learn, or
// open weights with an adapter that does.

#pragma once

#include <memory>
#include <string>

#include "base/error.h"
#include "commands/open_weights.h"
#include "commands/reinforce_config.h"
#include "reinforce/language.h"
#include "reinforce/questions.h"
#include "reinforce/sampler.h"

namespace melete::train {

struct Learner {
  OpenWeights weights;  // of our own models without a file
  std::unique_ptr<const Language> language;
  std::unique_ptr<RolloutSource> rollouts;  // null: the model writes by its own path

  Model& model() const { return *weights.model; }
};

// Open weights are read, our own are those of a new model; `questions` are all that it will be
// asked. Fails as load_open_weights(), chat_language() and engine_rollouts() do.
Result<Learner> make_learner(const ReinforceConfig& config, const QuestionList& questions);

// Takes up what a run begins with that was not under way. Fails as load_start() does.
Result<void> take_up_start(const ReinforceConfig& config, const Learner& learner);

// Writes the files of the model, or of the adapter, into the run's folder. Fails as export_files()
// and export_open_weights() do.
Result<void> export_learner(const ReinforceConfig& config, const Learner& learner,
                            int64_t reasoning_percent);

// Where they are, as a sentence for people.
std::string exported_learner(const ReinforceConfig& config);

}  // namespace melete::train
