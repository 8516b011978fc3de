// Parts reasoning from answer in the text of a model that writes <think> tags itself.

#pragma once

#include <string>
#include <string_view>

namespace melete::modes {

struct SplitText {
  std::string reasoning;
  std::string text;
};

// Fed with one answer's text as it streams. A block counts as reasoning only at the very beginning
// of the answer; the white space that follows it is dropped. Keeps back at most the start of a tag.
class ThinkTags {
 public:
  SplitText add(std::string_view piece);

  // What was kept back, once no more text comes.
  SplitText flush();

 private:
  enum class Place { Beginning, Reasoning, Gap, Answer };

  Place place_ = Place::Beginning;
  std::string kept_;
};

}  // namespace melete::modes
