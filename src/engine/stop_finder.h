// Ends an answer before the first of some stop texts, also where one spans several tokens.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace melete::engine {

// The length of the longest end of `text` that `mark` could begin with, short of the whole mark.
size_t partial_match(std::string_view text, std::string_view mark);

// Invariant: what feed() gave so far and what waits are together what was fed, until a stop is
// found. One finder belongs to one answer. O(text x stops).
class StopFinder {
 public:
  explicit StopFinder(std::vector<std::string> stops);  // empty texts are ignored

  // The text that can no longer be part of a stop. Nothing more comes once stopped().
  std::string feed(std::string_view text);

  // What waited for the rest of a stop that never came.
  std::string finish();

  bool stopped() const { return found_.has_value(); }

  // The stop that was found, by its place among those that are not empty.
  std::optional<size_t> found() const { return found_; }

 private:
  std::vector<std::string> stops_;
  std::string waiting_;
  std::optional<size_t> found_;
};

}  // namespace melete::engine
