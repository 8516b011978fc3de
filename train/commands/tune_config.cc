#include "commands/tune_config.h"

#include "commands/settings.h"

namespace melete::train {

namespace {

void read_batch(Section section, BatchShape& batch) {
  section.number("rows", batch.rows, kCount);
  section.number("length", batch.length, {.low = 16});
  section.finish();
}

void read_optimiser(Section section, TuneConfig& config) {
  section.number("learning_rate", config.optimiser.factor_rate, {});
  section.number("warm_up", config.schedule.warm_up, {});
  section.number("decay_share", config.schedule.decay_share, kShare);
  section.finish();
}

void read_all(Section& root, const std::filesystem::path& base, TuneConfig& config) {
  read_run(root, base, config);
  root.number("steps", config.schedule.steps, kCount);
  read_open_weights(root, base, config.base);
  read_senses(root, config.base);
  if (config.base.model.empty()) {
    root.complain("model", "is missing: name a model that `melete pull` fetched, or a GGUF file");
  }
  read_batch(root.section("batch"), config.batch);
  read_optimiser(root.section("optimiser"), config);
  config.sources = read_sources(root, base);
  if (config.sources.files.empty() && config.sources.tasks.empty()) {
    root.complain("files", "is missing: name files of examples, or tasks under [tasks]");
  }
}

}  // namespace

Result<TuneConfig> read_tune_config(const std::filesystem::path& file) {
  return read_config<TuneConfig>(file, read_all);
}

}  // namespace melete::train
