#include "modes/think_tags.h"

#include <algorithm>
#include <utility>

namespace melete::modes {

namespace {

constexpr std::string_view kOpen = "<think>";
constexpr std::string_view kClose = "</think>";
constexpr std::string_view kSpace = " \t\r\n";

// Length of the longest end of `text` that may begin the tag.
size_t tag_start_at_end(std::string_view text, std::string_view tag) {
  for (size_t size = std::min(text.size(), tag.size() - 1); size > 0; --size) {
    if (tag.starts_with(text.substr(text.size() - size))) return size;
  }
  return 0;
}

}  // namespace

SplitText ThinkTags::add(std::string_view piece) {
  kept_ += piece;
  SplitText split;
  if (place_ == Place::Beginning) {
    const size_t first = kept_.find_first_not_of(kSpace);
    if (first == std::string::npos) return split;
    const std::string_view begun = std::string_view(kept_).substr(first);
    if (begun.size() < kOpen.size() && kOpen.starts_with(begun)) return split;
    if (begun.starts_with(kOpen)) {
      kept_.erase(0, first + kOpen.size());
      place_ = Place::Reasoning;
    } else {
      place_ = Place::Answer;
    }
  }
  if (place_ == Place::Reasoning) {
    const size_t close = kept_.find(kClose);
    if (close == std::string::npos) {
      const size_t ready = kept_.size() - tag_start_at_end(kept_, kClose);
      split.reasoning = kept_.substr(0, ready);
      kept_.erase(0, ready);
      return split;
    }
    split.reasoning = kept_.substr(0, close);
    kept_.erase(0, close + kClose.size());
    place_ = Place::Gap;
  }
  if (place_ == Place::Gap) {
    kept_.erase(0, std::min(kept_.find_first_not_of(kSpace), kept_.size()));
    if (!kept_.empty()) place_ = Place::Answer;
  }
  split.text = std::exchange(kept_, {});
  return split;
}

SplitText ThinkTags::flush() {
  SplitText split;
  (place_ == Place::Reasoning ? split.reasoning : split.text) = std::exchange(kept_, {});
  return split;
}

}  // namespace melete::modes
