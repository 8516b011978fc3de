#include "eval/arm.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace melete::eval {
namespace {

constexpr std::array<std::pair<std::string_view, Sampling>, 3> kSamplings{{
    {"choices", Sampling::Choices},
    {"parallel", Sampling::Parallel},
    {"serial", Sampling::Serial},
}};

constexpr auto kFields = std::to_array<std::string_view>(
    {"name", "server", "model", "samples", "sampling", "instruction", "mode", "effort", "agents",
     "strategy", "fold", "compression", "max_tokens", "temperature", "top_p", "top_k", "min_p"});

bool is_field(std::string_view name) {
  return std::ranges::find(kFields, name) != kFields.end();
}

// Reads an arm's fields, each from its own table or else from the file's. The first problem stays.
class ArmReader {
 public:
  ArmReader(const toml::table& own, const toml::table& shared, std::string path)
      : own_(own), shared_(shared), path_(std::move(path)) {}

  template <typename Value>
  std::optional<Value> read(std::string_view name) {
    for (const toml::table* table : {&own_, &shared_}) {
      const toml::node* node = table->get(name);
      if (!node) continue;
      const auto value = node->value<Value>();
      if (!value) blame(name, "has another type than it should");
      return value;
    }
    return std::nullopt;
  }

  // A whole number within bounds.
  std::optional<int> read_count(std::string_view name, int least, int most) {
    const auto value = read<int64_t>(name);
    if (!value) return std::nullopt;
    if (*value < least || *value > most) {
      blame(name, fmt::format("is {}: give {} to {}", *value, least, most));
    }
    return static_cast<int>(*value);
  }

  void blame(std::string_view name, std::string_view problem) {
    if (!error_.message.empty()) return;
    const std::string arm = own_["name"].value_or("?");
    error_ = {ErrorCode::InvalidArgument,
              fmt::format("{}, arm \"{}\": {} {}", path_, arm, name, problem), std::string(name)};
  }

  void check_names() {
    for (const auto& [key, value] : own_) {
      if (!is_field(key.str())) blame(key.str(), "is no field of an arm");
    }
  }

  const Error& error() const { return error_; }

 private:
  const toml::table& own_;
  const toml::table& shared_;
  const std::string path_;
  Error error_{ErrorCode::Internal, "", ""};
};

void read_mode(ArmReader& reader, Arm& arm) {
  chat::Request& request = arm.request;
  if (const auto name = reader.read<std::string>("mode")) {
    arm.mode = chat::mode_from(*name);
    if (!arm.mode) reader.blame("mode", "is none: use instant, thinking or contemplating");
  }
  if (const auto name = reader.read<std::string>("effort")) {
    request.effort = chat::effort_from(*name);
    if (!request.effort) reader.blame("effort", "is none: use minimal to xhigh");
  }
  if (const auto name = reader.read<std::string>("compression")) {
    const auto level = chat::compression_from(*name);
    if (!level) reader.blame("compression", "is none: use off, light or strong");
    request.compression = level.value_or(chat::Compression::Off);
  }
}

Result<Arm> read_arm(const toml::table& own, const toml::table& shared, const std::string& path) {
  ArmReader reader(own, shared, path);
  reader.check_names();
  Arm arm;
  arm.name = reader.read<std::string>("name").value_or("");
  if (arm.name.empty()) reader.blame("name", "is missing");
  arm.server = reader.read<std::string>("server").value_or("melete");
  arm.samples = reader.read_count("samples", 1, 256).value_or(1);
  if (const auto name = reader.read<std::string>("sampling")) {
    const auto found =
        std::ranges::find(kSamplings, *name, [](const auto& entry) { return entry.first; });
    if (found == kSamplings.end()) {
      reader.blame("sampling", "is none: use choices, parallel or serial");
    } else {
      arm.sampling = found->second;
    }
  }
  arm.instruction = reader.read<std::string>("instruction").value_or("");
  arm.request.model = reader.read<std::string>("model").value_or("");
  read_mode(reader, arm);
  arm.request.agents = reader.read_count("agents", 0, 64).value_or(0);
  arm.request.strategy = reader.read<std::string>("strategy").value_or("");
  arm.request.fold_tokens = reader.read_count("fold", 32, 1 << 20).value_or(0);
  arm.request.limits.answer_tokens = reader.read_count("max_tokens", 1, 1 << 24);
  arm.request.sampling.temperature = reader.read<double>("temperature");
  arm.request.sampling.top_p = reader.read<double>("top_p");
  arm.request.sampling.top_k = reader.read_count("top_k", 0, 1 << 20);
  arm.request.sampling.min_p = reader.read<double>("min_p");
  if (!reader.error().message.empty()) return std::unexpected(reader.error());
  return arm;
}

}  // namespace

Result<std::vector<Arm>> read_arms(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) {
    return fail(ErrorCode::NotFound, path + " cannot be read: check the path", path);
  }
  toml::table document;
  try {
    document = toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("{}, line {}: {}", path, error.source().begin.line, error.description()), path);
  }
  const toml::array* tables = document["arm"].as_array();
  if (!tables || !tables->is_homogeneous<toml::table>()) {
    return fail(ErrorCode::InvalidArgument, path + " has no arms: give tables [[arm]]", path);
  }
  for (const auto& [key, value] : document) {
    if (key.str() == "arm" || is_field(key.str())) continue;
    return fail(ErrorCode::InvalidArgument,
                fmt::format("{}: {} is no field of an arm", path, key.str()),
                std::string(key.str()));
  }
  std::vector<Arm> arms;
  std::set<std::string> names;
  for (const toml::node& node : *tables) {
    auto arm = read_arm(*node.as_table(), document, path);
    if (!arm) return std::unexpected(arm.error());
    if (!names.insert(arm->name).second) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("{} has two arms of the name \"{}\"", path, arm->name), path);
    }
    arms.push_back(std::move(*arm));
  }
  return arms;
}

}  // namespace melete::eval
