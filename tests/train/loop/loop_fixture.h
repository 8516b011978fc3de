// A tiny model over tasks of text, for tests that take steps.

#pragma once

#include <memory>

#include "data/task_source.h"
#include "data/tasks/tasks.h"
#include "loop/trainer.h"

namespace melete::train {

inline ModelConfig tiny_config() {
  ModelConfig config = *model_config("S");
  config.decoder.width = 64;
  config.decoder.layers = 2;
  config.decoder.feed_forward = 64;
  return config;
}

inline constexpr BatchShape kTinyBatch{.rows = 2, .length = 128};

// Everything that a trainer needs; two of them with the same arguments take the same steps.
struct TinyRun {
  explicit TinyRun(const OptimiserOptions& options = {}, BatchShape shape = kTinyBatch)
      : optimiser(model.parameters(), options),
        source(Mixture({{source_of(*chain)}, {source_of(*chat)}}), media_shape(model.config()),
               shape) {}

  std::unique_ptr<Trainer> trainer(const Progress& progress = {}) {
    return trainer(progress, alone, torch::kBFloat16);
  }

  std::unique_ptr<Trainer> trainer(const Progress& progress, Group& group, torch::ScalarType type) {
    return std::make_unique<Trainer>(model, optimiser, source, Schedule{.steps = 20, .warm_up = 2},
                                     type, progress, group);
  }

  static std::shared_ptr<const Source> source_of(const Task& task) {
    return std::make_shared<TaskSource>(task, Difficulties{}, TraceShares{}, 3);
  }

  std::unique_ptr<Task> chain = make_modular_chain();
  std::unique_ptr<Task> chat = make_about_itself();
  Group alone;
  Model model{tiny_config(), 1};
  Optimiser optimiser;
  BatchSource source;
};

inline bool same_weights(const Model& one, const Model& two) {
  const auto& mine = one.parameters().all();
  for (size_t i = 0; i < mine.size(); ++i) {
    if (!torch::equal(mine[i].value, two.parameters().all()[i].value)) return false;
  }
  return true;
}

}  // namespace melete::train
