#include "engine/stop_finder.h"

#include <algorithm>
#include <utility>

namespace melete::engine {

size_t partial_match(std::string_view text, std::string_view mark) {
  if (mark.empty()) return 0;
  for (size_t length = std::min(text.size(), mark.size() - 1); length > 0; --length) {
    if (text.ends_with(mark.substr(0, length))) return length;
  }
  return 0;
}

StopFinder::StopFinder(std::vector<std::string> stops) : stops_(std::move(stops)) {
  std::erase(stops_, std::string());
}

std::string StopFinder::feed(std::string_view text) {
  if (found_) return {};
  if (stops_.empty()) return std::string(text);
  waiting_.append(text);
  size_t first = std::string::npos;
  size_t held = 0;
  for (size_t index = 0; index < stops_.size(); ++index) {
    const size_t place = waiting_.find(stops_[index]);
    if (place < first) {
      first = place;
      found_ = index;
    }
    held = std::max(held, partial_match(waiting_, stops_[index]));
  }
  if (found_) {
    std::string answer = waiting_.substr(0, first);
    waiting_.clear();
    return answer;
  }
  std::string free = waiting_.substr(0, waiting_.size() - held);
  waiting_.erase(0, free.size());
  return free;
}

std::string StopFinder::finish() {
  return std::exchange(waiting_, {});
}

}  // namespace melete::engine
