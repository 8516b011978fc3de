#include "commands/examine_config.h"

#include "commands/settings.h"

namespace melete::train {

namespace {

void read_all(Section& root, const std::filesystem::path& base, ExamineConfig& config) {
  read_work(root, base, config);
  config.model = read_model(root.section("model"));
  root.path("start", config.start, base);
  if (config.start.empty()) {
    root.complain("start", "is missing: name the folder of the run to examine");
  }
  root.number("questions", config.questions, kCount);
  root.number("most_tokens", config.most_tokens,
              {.low = 2, .high = static_cast<double>(config.model.decoder.context)});
  root.number("verifier_deadline", config.verifier_deadline, kDeadline);
  root.flag("thinking", config.thinking);
  config.sources = read_questions(root, base);
}

}  // namespace

Result<ExamineConfig> read_examine_config(const std::filesystem::path& file) {
  return read_config<ExamineConfig>(file, read_all);
}

}  // namespace melete::train
