#include "commands/reinforce_config.h"

#include "commands/settings.h"

namespace melete::train {

namespace {

void read_batch(Section section, ReinforceConfig& config) {
  section.number("questions", config.questions, kCount);
  section.number("answers", config.answers, {.low = 2});
  // Open weights tell their own context when they are loaded.
  const bool ours = config.base.model.empty();
  section.number(
      "most_tokens", config.most_tokens,
      {.low = 2, .high = ours ? static_cast<double>(config.model.decoder.context) : kCount.high});
  section.choice(
      "writer", config.writer,
      {{"auto", Writer::Automatic}, {"model", Writer::Model}, {"engine", Writer::Engine}});
  if (config.writer == Writer::Engine && config.base.model.empty()) {
    section.complain("writer", "is engine, which writes for open weights alone: name a model");
  }
  section.finish();
}

void read_questions(Section section, ReinforceConfig& config) {
  section.number("pool", config.pool, kCount);
  section.number("held_out", config.held_out, kCount);
  section.number("measure_every", config.measure_every, kCount);
  section.number("least_solved", config.solve_rates.least_solved, kShare);
  section.number("most_solved", config.solve_rates.most_solved, kShare);
  section.number("verifier_deadline", config.verifier_deadline, kDeadline);
  if (config.pool < config.questions) section.complain("pool", "is below batch.questions");
  if (config.solve_rates.most_solved < config.solve_rates.least_solved) {
    section.complain("most_solved", "is below least_solved");
  }
  section.finish();
}

void read_price(Section section, ReinforceConfig& config) {
  section.choice("arm", config.pricing.arm,
                 {{"always", Arm::Always},
                  {"plateau", Arm::AfterPlateau},
                  {"toggle", Arm::Toggle},
                  {"added", Arm::Added},
                  {"shortest", Arm::Shortest}});
  section.number("weight", config.pricing.price.weight, kShare);
  section.number("period", config.pricing.period, kCount);
  config.pricing.price.budget = config.most_tokens;
  section.finish();
}

void read_optimiser(Section section, ReinforceConfig& config) {
  section.number("rate", config.rate, {});
  section.number("warm_up", config.schedule.warm_up, {});
  section.number("decay_share", config.schedule.decay_share, kShare);
  section.finish();
}

void read_stops(Section section, StopOptions& stops) {
  section.number("patience", stops.patience, kCount);
  section.number("least_entropy", stops.least_entropy, {});
  section.number("accuracy_drop", stops.accuracy_drop, kShare);
  section.finish();
}

// Open weights by `model = "NAME"`, or a run of ours by `start` and the table [model].
void read_beginning(Section& root, const std::filesystem::path& base, ReinforceConfig& config) {
  if (root.has_text("model")) {
    read_open_weights(root, base, config.base);
    return;
  }
  config.model = read_model(root.section("model"));
  root.path("start", config.start, base);
  if (config.start.empty()) {
    root.complain("start",
                  "is missing: name the folder of the run to begin with, or open weights "
                  "as model");
  } else if (config.start == config.folder) {
    root.complain("start", "is the run's own folder: choose another for one of them");
  }
}

void read_all(Section& root, const std::filesystem::path& base, ReinforceConfig& config) {
  config.checkpoint_every = 20;
  read_run(root, base, config);
  read_beginning(root, base, config);
  root.number("steps", config.schedule.steps, kCount);
  root.flag("thinking", config.thinking);
  read_batch(root.section("batch"), config);
  read_questions(root.section("questions"), config);
  read_price(root.section("price"), config);
  read_optimiser(root.section("optimiser"), config);
  read_stops(root.section("stops"), config.stops);
  config.sources = read_questions(root, base);
  if (config.sources.tasks.empty() && config.sources.files.empty()) {
    root.complain("tasks", "is missing: name tasks, or files of questions under [files]");
  }
}

}  // namespace

Result<ReinforceConfig> read_reinforce_config(const std::filesystem::path& file) {
  return read_config<ReinforceConfig>(file, read_all);
}

}  // namespace melete::train
