#include "corpus/filters.h"

#include <algorithm>
#include <string>
#include <unordered_set>

namespace melete::train {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

constexpr std::array<std::string_view, kReasons> kNames = {
    "bad_line",  "bad_media", "broken_text", "marks",     "repeated_lines",
    "too_short", "too_long",  "in_tests",    "duplicate", "near_duplicate"};

}  // namespace

std::string_view name_of(Reason reason) {
  return kNames[static_cast<size_t>(reason)];
}

double repeated_lines(std::string_view text) {
  constexpr int kFewest = 4;
  std::unordered_set<std::string_view> seen;
  int lines = 0;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    seen.insert(line);
    ++lines;
  }
  return lines < kFewest ? 0 : 1 - static_cast<double>(seen.size()) / lines;
}

std::optional<Reason> reason_against(const Record& record, const FilterOptions& options) {
  if (!mark_in(record).empty()) return Reason::Marks;
  for (const RecordTurn& turn : record) {
    const std::string text = turn.reasoning + "\n" + text_of(turn);
    if (text.contains(kReplacement)) return Reason::BrokenText;
    if (repeated_lines(text) > options.repeated_lines) return Reason::RepeatedLines;
  }
  return std::nullopt;
}

}  // namespace melete::train
