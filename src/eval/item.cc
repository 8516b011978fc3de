#include "eval/item.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "base/file_content.h"
#include "base/json.h"
#include "eval/grader.h"
#include "modes/pattern.h"

namespace melete::eval {
namespace {

std::string text_at(const Json& json, const char* name) {
  const auto field = json.find(name);
  return field != json.end() && field->is_string() ? field->get<std::string>() : std::string();
}

// The bytes of a file that lies relative to `items`; null where it cannot be read.
chat::Bytes bytes_beside(const std::string& items, const std::string& file) {
  const std::filesystem::path path = std::filesystem::path(items).parent_path() / file;
  std::optional<std::string> content = file_content(path);
  return content ? std::make_shared<const std::string>(std::move(*content)) : nullptr;
}

Result<Item> read_item(const std::string& line, const std::string& path, int number) {
  const auto wrong = [&](const std::string& what) {
    return fail(ErrorCode::InvalidArgument, fmt::format("{}, line {}: {}", path, number, what),
                path);
  };
  const auto json = parse_json(line);
  if (!json) return wrong(json.error().message);
  Item item{.id = text_at(*json, "id"),
            .task = text_at(*json, "task"),
            .question = text_at(*json, "question"),
            .answer = text_at(*json, "answer"),
            .grader = text_at(*json, "grader"),
            .pattern = text_at(*json, "pattern"),
            .media = {}};
  if (item.question.empty() || item.answer.empty()) {
    return wrong("an item needs the texts question and answer");
  }
  if (!item.grader.empty() && !find_grader(item.grader)) {
    return wrong(fmt::format("\"{}\" is no grader: use one of {}", item.grader, grader_names()));
  }
  if (grader_of(item) == "pattern") {
    const auto pattern = modes::Pattern::make(item.pattern);
    if (item.pattern.empty()) return wrong("an item of the grader pattern needs a pattern");
    if (!pattern) return wrong(pattern.error().message);
    if (!pattern->is_in(item.answer)) return wrong("the answer does not have the pattern");
  }
  for (const char* field : {"image", "audio"}) {
    const std::string file = text_at(*json, field);
    if (file.empty()) continue;
    const chat::Bytes bytes = bytes_beside(path, file);
    if (!bytes) return wrong(fmt::format("{} cannot be read", file));
    if (field == std::string_view("image")) {
      item.media.emplace_back(chat::ImagePart{bytes, file});
    } else {
      item.media.emplace_back(chat::AudioPart{bytes, file});
    }
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
