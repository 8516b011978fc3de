#include "commands/data_config.h"

#include "commands/settings.h"

namespace melete::train {

namespace {

void read_filters(Section section, FilterOptions& filters) {
  section.number("least_tokens", filters.least_tokens, kCount);
  section.number("most_tokens", filters.most_tokens, kCount);
  if (filters.most_tokens < filters.least_tokens) {
    section.complain("most_tokens", "is below least_tokens");
  }
  section.number("repeated_lines", filters.repeated_lines, kShare);
  section.number("similarity", filters.similarity, {.low = 0.7, .high = 1});
  section.finish();
}

void read_tests(Section section, const std::filesystem::path& base, DataConfig& config) {
  section.paths("files", config.tests, base);
  section.number("words", config.test_run, {.low = 4});
  section.finish();
}

void read_all(Section& root, const std::filesystem::path& base, DataConfig& config) {
  root.path("folder", config.folder, base);
  if (config.folder.empty()) root.complain("folder", "is missing: say where the data is kept");
  root.number("seed", config.seed, {});
  root.number("examples", config.examples, kCount);
  root.flag("strict", config.strict);
  config.model = read_model(root.section("model"));
  config.sources = read_sources(root, base);
  if (config.sources.files.empty() && config.sources.tasks.empty()) {
    root.complain("files", "is missing: name files of examples, or tasks under [tasks]");
  }
  read_filters(root.section("filters"), config.filters);
  read_tests(root.section("tests"), base, config);
}

}  // namespace

Result<DataConfig> read_data_config(const std::filesystem::path& file) {
  return read_config<DataConfig>(file, read_all);
}

}  // namespace melete::train
