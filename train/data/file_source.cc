#include "data/file_source.h"

#include <fmt/format.h>

#include <fstream>
#include <string>
#include <utility>

#include "data/order.h"
#include "data/record.h"

namespace melete::train {

namespace {

constexpr size_t kShownName = 100;  // bytes of a file's name in a message

// What is wrong with a line, or nothing.
std::string problem_of(std::string_view line, const std::filesystem::path& folder) {
  const Result<Record> record = read_record(line);
  if (!record) return record.error().message;
  if (const std::string_view mark = mark_in(*record); !mark.empty()) {
    return fmt::format("{} is a mark of the chat format and cannot stand in a text.", mark);
  }
  for (const RecordTurn& turn : *record) {
    for (const RecordPart& part : turn.parts) {
      std::error_code ignored;  // as of a name that is too long
      if (part.kind == RecordPartKind::Text ||
          std::filesystem::exists(folder / part.value, ignored)) {
        continue;
      }
      return fmt::format("{} is missing.", std::string_view(part.value).substr(0, kShownName));
    }
  }
  return {};
}

}  // namespace

FileSource::FileSource(std::filesystem::path file, std::vector<Line> lines, uint64_t seed)
    : file_(std::move(file)), lines_(std::move(lines)), seed_(seed) {}

Result<std::shared_ptr<const FileSource>> FileSource::open(const std::filesystem::path& file,
                                                           uint64_t seed) {
  std::ifstream in(file, std::ios::binary);
  if (!in || std::filesystem::is_directory(file)) {
    return fail(ErrorCode::NotFound,
                fmt::format("{} cannot be read: give a JSONL file of examples.", file.string()),
                file.string());
  }
  std::vector<Line> lines;
  std::string line;
  int64_t offset = 0;
  for (int64_t number = 1; std::getline(in, line); ++number) {
    const Line place{.offset = offset, .bytes = std::ssize(line)};
    offset += place.bytes + 1;
    if (line.empty() || line == "\r") continue;
    if (const std::string problem = problem_of(line, file.parent_path()); !problem.empty()) {
      return fail(ErrorCode::InvalidArgument,
                  fmt::format("{}:{}: {} `melete-train data` leaves such lines out.", file.string(),
                              number, problem),
                  file.string());
    }
    lines.push_back(place);
  }
  if (lines.empty()) {
    return fail(ErrorCode::InvalidArgument, fmt::format("{} has no examples.", file.string()),
                file.string());
  }
  return std::shared_ptr<const FileSource>(new FileSource(file, std::move(lines), seed));
}

Result<Conversation> FileSource::example(uint64_t index) const {
  const Line& line = lines_[shuffled(index, lines_.size(), seed_)];
  std::string text(line.bytes, '\0');
  std::ifstream in(file_, std::ios::binary);
  in.seekg(line.offset);
  in.read(text.data(), line.bytes);
  const Result<Record> record = read_record(text);
  if (!in || !record) {
    return fail(
        ErrorCode::Corrupt,
        fmt::format("{} has changed since it was opened: start the run again.", file_.string()),
        file_.string());
  }
  return load(*record, file_.parent_path());
}

}  // namespace melete::train
