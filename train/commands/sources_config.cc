#include "commands/sources_config.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "data/file_source.h"

namespace melete::train {

namespace {

constexpr Range kDifficulty{.low = 1, .high = kHardest};
constexpr double kMostPictureTokens = 2048;  // that the engine reads at once

enum class Use { Teaching, Asking };

FileShare read_file(Section section, const std::filesystem::path& base, Use use) {
  FileShare share{.folder = base};
  section.path("path", share.path, base);
  if (share.path.empty()) section.complain("path", "is missing: name a JSONL file");
  section.number("weight", share.weight, kWeight);
  if (use == Use::Asking) section.texts("verifier", share.verifier);
  section.finish();
  return share;
}

TaskShare read_task(Section section) {
  TaskShare share;
  section.number("weight", share.weight, kWeight);
  section.number("easiest", share.difficulties.easiest, kDifficulty);
  section.number("hardest", share.difficulties.hardest, kDifficulty);
  if (share.difficulties.hardest < share.difficulties.easiest) {
    section.complain("hardest", "is below easiest");
  }
  section.finish();
  return share;
}

SourcesConfig read_files_and_tasks(Section& root, const std::filesystem::path& base, Use use) {
  SourcesConfig config;
  root.section("files").for_each([&](const std::string& name, Section section) {
    config.files[name] = read_file(std::move(section), base, use);
  });
  root.section("tasks").for_each([&](const std::string& name, Section section) {
    config.tasks[name] = read_task(std::move(section));
  });
  return config;
}

void read_real_data(Section& data, const std::filesystem::path& base, RealData& real) {
  data.path("spoken_digits", real.spoken_digits, base);
  data.path("handwritten_digits", real.handwritten_digits, base);
}

std::unexpected<Error> unknown_task(const std::string& name, const Tasks& tasks) {
  std::vector<std::string_view> names;
  for (const auto& known : tasks) names.push_back(known->name());
  return fail(
      ErrorCode::NotFound,
      fmt::format("There is no task \"{}\" here; there are: {}.", name, fmt::join(names, ", ")),
      "tasks." + name);
}

}  // namespace

SourcesConfig read_sources(Section& root, const std::filesystem::path& base) {
  SourcesConfig config = read_files_and_tasks(root, base, Use::Teaching);
  Section data = root.section("data");
  read_real_data(data, base, config.real);
  data.number("short_traces", config.traces.shorter, kShare);
  data.number("long_traces", config.traces.longer, kShare);
  data.finish();
  return config;
}

SourcesConfig read_questions(Section& root, const std::filesystem::path& base) {
  SourcesConfig config = read_files_and_tasks(root, base, Use::Asking);
  Section data = root.section("data");
  read_real_data(data, base, config.real);
  data.finish();
  return config;
}

std::optional<ModelConfig> read_size(Section& section, std::string_view key) {
  std::string size;
  section.text(key, size);
  if (size.empty()) return std::nullopt;
  const Result<ModelConfig> model = model_config(size);
  if (!model) section.complain(key, fmt::format("is \"{}\": choose S, M or L", size));
  return model.value_or(ModelConfig{});
}

ModelConfig read_model(Section section) {
  ModelConfig model = read_size(section, "size").value_or(*model_config("S"));
  if (model.vision) {
    VisionConfig& eye = *model.vision;
    const int64_t step = eye.patch * eye.pool;
    const auto most_steps = static_cast<int64_t>(std::sqrt(kMostPictureTokens));
    section.number(
        "eye_side", eye.side,
        {.low = static_cast<double>(step), .high = static_cast<double>(most_steps * step)});
    if (eye.side % step != 0) {
      section.complain("eye_side", fmt::format("is {}: choose a multiple of {}", eye.side, step));
    }
  }
  section.finish();
  return model;
}

Result<Tasks> tasks_for(const SourcesConfig& config) {
  if (config.tasks.empty() && !config.files.empty()) return Tasks();
  return make_tasks(config.real);
}

Result<std::vector<NamedTask>> choose_tasks(const SourcesConfig& config, const Tasks& tasks,
                                            uint64_t seed) {
  std::map<std::string, TaskShare> shares = config.tasks;
  if (shares.empty() && config.files.empty()) {
    for (const auto& task : tasks) shares[std::string(task->name())] = {};
  }
  std::vector<NamedTask> chosen;
  for (const auto& [name, share] : shares) {
    const Task* task = find_task(tasks, name);
    if (task == nullptr) return unknown_task(name, tasks);
    chosen.push_back(
        {name, share.weight,
         std::make_shared<TaskSource>(*task, share.difficulties, config.traces, seed)});
  }
  return chosen;
}

Result<Mixture> make_mixture(const SourcesConfig& config, const Tasks& tasks, uint64_t seed) {
  std::vector<MixtureItem> items;
  for (const auto& [name, file] : config.files) {
    Result<std::shared_ptr<const FileSource>> source = FileSource::open(file.path, seed);
    if (!source) return std::unexpected(source.error());
    items.push_back({std::move(*source), file.weight});
  }
  Result<std::vector<NamedTask>> chosen = choose_tasks(config, tasks, seed);
  if (!chosen) return std::unexpected(chosen.error());
  for (NamedTask& task : *chosen) items.push_back({std::move(task.source), task.weight});
  return Mixture(std::move(items));
}

}  // namespace melete::train
