#include "commands/pretrain_config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <fstream>
#include <iterator>
#include <limits>
#include <set>

namespace melete::train {

namespace {

struct Range {
  double low = 0;
  double high = std::numeric_limits<double>::max();
};

constexpr Range kCount{.low = 1};
constexpr Range kShare{.low = 0, .high = 1};
constexpr Range kDifficulty{.low = 1, .high = kHardest};

// One table of the file. Remembers the first thing that is wrong; later reads then change nothing.
class Section {
 public:
  Section(const toml::table& table, std::string name, std::optional<Error>& problem)
      : table_(table), name_(std::move(name)), problem_(problem) {}

  template <typename Number>
  void number(std::string_view key, Number& target, Range range) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    const std::optional<double> value = node->value<double>();
    const bool whole = std::is_floating_point_v<Number> || node->is_integer();
    if (!value || !whole || *value < range.low || *value > range.high) {
      return complain(key, fmt::format("has to be a {} of at least {}{}",
                                       whole ? "number" : "whole number", range.low,
                                       range.high < std::numeric_limits<double>::max()
                                           ? fmt::format(" and at most {}", range.high)
                                           : ""));
    }
    target = static_cast<Number>(*value);
  }

  void text(std::string_view key, std::string& target) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (!node->is_string()) return complain(key, "has to be a text");
    target = **node->as_string();
  }

  void path(std::string_view key, std::filesystem::path& target,
            const std::filesystem::path& base) {
    std::string name;
    text(key, name);
    if (!name.empty()) target = base / name;
  }

  // The table under a key, or nothing.
  const toml::table* table(std::string_view key) {
    const toml::node* node = find(key);
    if (node != nullptr && !node->is_table()) complain(key, "has to be a table");
    return node == nullptr ? nullptr : node->as_table();
  }

  void complain(std::string_view key, const std::string& what) {
    const std::string where = name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
    if (!problem_) {
      problem_ = {ErrorCode::InvalidArgument, fmt::format("{} {}.", where, what), where};
    }
  }

  // To be called last: every key that was not read is unknown.
  void finish() {
    for (const auto& [key, node] : table_) {
      if (!read_.contains(key.str())) complain(key.str(), "is no setting");
    }
  }

 private:
  const toml::node* find(std::string_view key) {
    read_.insert(key);
    return problem_ ? nullptr : table_.get(key);
  }

  const toml::table& table_;
  std::string name_;
  std::optional<Error>& problem_;
  std::set<std::string_view> read_;
};

void read_model(Section section, PretrainConfig& config) {
  std::string size = "S";
  section.text("size", size);
  Result<ModelConfig> model = model_config(size);
  if (model) {
    config.model = *model;
  } else {
    section.complain("size", fmt::format("is \"{}\": choose S, M or L", size));
  }
  section.finish();
}

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

void read_data(Section section, PretrainConfig& config, const std::filesystem::path& base) {
  section.path("spoken_digits", config.real.spoken_digits, base);
  section.path("handwritten_digits", config.real.handwritten_digits, base);
  section.number("short_traces", config.traces.shorter, kShare);
  section.number("long_traces", config.traces.longer, kShare);
  section.finish();
}

void read_tasks(const toml::table& table, PretrainConfig& config, std::optional<Error>& problem) {
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const toml::table* settings = node.as_table();
    if (settings == nullptr) {
      Section(table, "tasks", problem).complain(name, "has to be a table, such as {weight = 1}");
      return;
    }
    Section section(*settings, "tasks." + name, problem);
    TaskShare share;
    section.number("weight", share.weight, {.low = 1e-6});
    section.number("easiest", share.easiest, kDifficulty);
    section.number("hardest", share.hardest, kDifficulty);
    if (share.hardest < share.easiest) section.complain("hardest", "is below easiest");
    section.finish();
    config.tasks[name] = share;
  }
}

void read_precision(Section& section, PretrainConfig& config) {
  std::string precision = "auto";
  section.text("precision", precision);
  if (precision == "bf16") {
    config.precision = Precision::Bfloat16;
  } else if (precision == "f32") {
    config.precision = Precision::Float;
  } else if (precision != "auto") {
    section.complain("precision", fmt::format("is \"{}\": choose auto, bf16 or f32", precision));
  }
}

std::optional<Error> read_all(const toml::table& table, const std::filesystem::path& base,
                              PretrainConfig& config) {
  std::optional<Error> problem;
  Section root(table, "", problem);
  root.path("folder", config.folder, base);
  if (config.folder.empty()) root.complain("folder", "is missing: say where the run is kept");
  root.number("seed", config.seed, {});
  root.number("threads", config.threads, {});
  root.number("steps", config.schedule.steps, kCount);
  root.number("checkpoint_every", config.checkpoint_every, kCount);
  read_precision(root, config);
  const toml::table none;
  const auto section = [&](std::string_view key) {
    const toml::table* found = root.table(key);
    return Section(found == nullptr ? none : *found, std::string(key), problem);
  };
  read_model(section("model"), config);
  read_batch(section("batch"), config);
  read_optimiser(section("optimiser"), config);
  read_data(section("data"), config, base);
  if (const toml::table* tasks = root.table("tasks")) read_tasks(*tasks, config, problem);
  root.finish();
  return problem;
}

}  // namespace

Result<PretrainConfig> read_pretrain_config(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) {
    return fail(ErrorCode::NotFound, fmt::format("{} cannot be read.", file.string()), "config");
  }
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  PretrainConfig config;
  try {
    const toml::table table = toml::parse(text);
    if (std::optional<Error> problem = read_all(table, file.parent_path(), config)) {
      problem->message = fmt::format("{}: {}", file.string(), problem->message);
      return std::unexpected(*problem);
    }
  } catch (const toml::parse_error& problem) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("{}:{}: {}.", file.string(), problem.source().begin.line,
                            problem.description()),
                "config");
  }
  return config;
}

}  // namespace melete::train
