#include "eval/item.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "eval/grader.h"

namespace melete::eval {
namespace {

std::string text_at(const Json& json, const char* name) {
  const auto field = json.find(name);
  return field != json.end() && field->is_string() ? field->get<std::string>() : std::string();
}

Result<Item> read_item(const std::string& line, const std::string& path, int number) {
  const auto json = parse_json(line);
  if (!json) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("{}, line {}: {}", path, number, json.error().message), path);
  }
  Item item{.id = text_at(*json, "id"),
            .task = text_at(*json, "task"),
            .question = text_at(*json, "question"),
            .answer = text_at(*json, "answer"),
            .grader = text_at(*json, "grader")};
  if (item.question.empty() || item.answer.empty()) {
    return fail(
        ErrorCode::InvalidArgument,
        fmt::format("{}, line {}: an item needs the texts question and answer", path, number),
        path);
  }
  if (!item.grader.empty() && !find_grader(item.grader)) {
    return fail(ErrorCode::InvalidArgument,
                fmt::format("{}, line {}: \"{}\" is no grader: use one of {}", path, number,
                            item.grader, grader_names()),
                path);
  }
  if (item.id.empty()) {
    item.id = fmt::format("{}-{}", std::filesystem::path(path).stem().string(), number);
  }
  return item;
}

}  // namespace

Result<std::vector<Item>> read_items(const std::string& path, int limit) {
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path)) {
    return fail(ErrorCode::NotFound, path + " cannot be read: check the path", path);
  }
  std::vector<Item> items;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    if (line.empty()) continue;
    auto item = read_item(line, path, number);
    if (!item) return std::unexpected(item.error());
    items.push_back(std::move(*item));
  }
  if (items.empty()) {
    return fail(ErrorCode::InvalidArgument, path + " holds no items: give JSON lines", path);
  }
  const auto wanted = static_cast<size_t>(limit > 0 ? limit : items.size());
  std::vector<Item> chosen;
  for (size_t i = 0; i < std::min(wanted, items.size()); ++i) {
    chosen.push_back(items[i * items.size() / std::min(wanted, items.size())]);
  }
  return chosen;
}

}  // namespace melete::eval
