#include "commands/settings.h"

#include "base/file_content.h"

namespace melete::train {

const toml::node* Section::find(std::string_view key) {
  read_.insert(key);
  return problem_ ? nullptr : table_.get(key);
}

std::string Section::path_of(std::string_view key) const {
  return name_.empty() ? std::string(key) : fmt::format("{}.{}", name_, key);
}

bool Section::has_text(std::string_view key) const {
  return table_.get(key) != nullptr && table_.get(key)->is_string();
}

void Section::flag(std::string_view key, bool& target) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  if (!node->is_boolean()) return complain(key, "has to be true or false");
  target = **node->as_boolean();
}

void Section::text(std::string_view key, std::string& target) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  if (!node->is_string()) return complain(key, "has to be a text");
  target = **node->as_string();
}

void Section::path(std::string_view key, std::filesystem::path& target,
                   const std::filesystem::path& base) {
  std::string name;
  text(key, name);
  if (!name.empty()) target = base / name;
}

void Section::texts(std::string_view key, std::vector<std::string>& target) {
  const toml::node* node = find(key);
  if (node == nullptr) return;
  const toml::array* list = node->as_array();
  if (list == nullptr || (!list->empty() && !list->is_homogeneous<std::string>())) {
    return complain(key, "has to be a list of texts");
  }
  target.clear();
  for (const toml::node& text : *list) target.push_back(**text.as_string());
}

void Section::paths(std::string_view key, std::vector<std::filesystem::path>& target,
                    const std::filesystem::path& base) {
  std::vector<std::string> names;
  texts(key, names);
  for (const std::string& name : names) target.push_back(base / name);
}

Section Section::section(std::string_view key) {
  static const toml::table kNone;
  const toml::node* node = find(key);
  if (node != nullptr && !node->is_table()) complain(key, "has to be a table");
  const toml::table* table = node == nullptr ? nullptr : node->as_table();
  return {table == nullptr ? kNone : *table, path_of(key), problem_};
}

void Section::for_each(const std::function<void(const std::string&, Section)>& read) {
  for (const auto& [key, node] : table_) {
    read_.insert(key.str());
    if (!node.is_table()) return complain(key.str(), "has to be a table, such as {weight = 1}");
    const std::string name(key.str());
    read(name, Section(*node.as_table(), path_of(name), problem_));
  }
}

void Section::complain(std::string_view key, const std::string& what) {
  const std::string where = path_of(key);
  if (!problem_) {
    problem_ = {ErrorCode::InvalidArgument, fmt::format("{} {}.", where, what), where};
  }
}

void Section::finish() {
  for (const auto& [key, node] : table_) {
    if (!read_.contains(key.str())) complain(key.str(), "is no setting");
  }
}

Result<void> read_settings(const std::filesystem::path& file,
                           const std::function<void(Section&)>& read) {
  const std::optional<std::string> text = file_content(file);
  if (!text) {
    return fail(ErrorCode::NotFound, fmt::format("{} cannot be read.", file.string()), "config");
  }
  std::optional<Error> problem;
  try {
    const toml::table table = toml::parse(*text);
    Section root(table, "", problem);
    read(root);
    root.finish();
  } catch (const toml::parse_error& error) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("{}:{}: {}.", file.string(), error.source().begin.line, error.description()),
        "config");
  }
  if (!problem) return {};
  return fail(problem->code, fmt::format("{}: {}", file.string(), problem->message),
              problem->parameter);
}

}  // namespace melete::train
