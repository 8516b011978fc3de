// Lines, then fields, then events.

#include "cli/sse_reader.h"

#include <utility>

namespace melete::cli {

void SseReader::feed(std::string_view piece) {
  buffer_.erase(0, read_);
  read_ = 0;
  buffer_ += piece;
}

std::optional<std::string> SseReader::take() {
  while (const auto line = take_line()) {
    if (line->empty() && has_data_) {
      has_data_ = false;
      return std::exchange(data_, {});
    }
    if (!line->starts_with("data:")) continue;
    if (has_data_) data_ += '\n';
    data_ += line->substr(line->starts_with("data: ") ? 6 : 5);
    has_data_ = true;
  }
  return std::nullopt;
}

std::optional<std::string> SseReader::take_line() {
  const size_t end = buffer_.find('\n', read_);
  if (end == std::string::npos) return std::nullopt;
  std::string line = buffer_.substr(read_, end - read_);
  read_ = end + 1;
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

}  // namespace melete::cli
