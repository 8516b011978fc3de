#include "commands/pretrain_config.h"

#include "commands/settings.h"

namespace melete::train {

namespace {

void read_batch(Section section, PretrainConfig& config) {
  section.number("rows", config.batch.rows, kCount);
  section.number("length", config.batch.length,
                 {.low = 16, .high = static_cast<double>(config.model.decoder.context)});
  section.finish();
}

void read_optimiser(Section section, PretrainConfig& config) {
  section.number("matrix_rate", config.optimiser.muon.learning_rate, {});
  section.number("momentum", config.optimiser.muon.momentum, kShare);
  section.number("weight_decay", config.optimiser.muon.weight_decay, {});
  section.number("embedding_rate", config.optimiser.embedding_rate, {});
  section.number("vector_rate", config.optimiser.vector_rate, {});
  section.number("warm_up", config.schedule.warm_up, {});
  section.number("decay_share", config.schedule.decay_share, kShare);
  section.finish();
}

void read_all(Section& root, const std::filesystem::path& base, PretrainConfig& config) {
  read_run(root, base, config);
  root.number("deadline", config.deadline, {.low = 1, .high = 1e6});
  root.path("start", config.start, base);
  root.number("steps", config.schedule.steps, kCount);
  config.model = read_model(root.section("model"));
  read_batch(root.section("batch"), config);
  read_optimiser(root.section("optimiser"), config);
  config.sources = read_sources(root, base);
}

}  // namespace

Result<PretrainConfig> read_pretrain_config(const std::filesystem::path& file) {
  return read_config<PretrainConfig>(file, read_all);
}

}  // namespace melete::train
