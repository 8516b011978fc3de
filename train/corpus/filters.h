// Why an example is left out, and the rules that need nothing but the example.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "data/record.h"

namespace melete::train {

enum class Reason {
  BadLine,        // no record
  BadMedia,       // a picture or sound that cannot be read
  BrokenText,     // no UTF-8, or U+FFFD, which stands where it was broken before
  Marks,          // a mark of the chat format within a text
  RepeatedLines,  // the same lines again and again
  TooShort,
  TooLong,
  InTests,    // gives a test question away
  Duplicate,  // to the byte
  NearDuplicate,
};
inline constexpr size_t kReasons = 10;

// In snake_case, e.g. "near_duplicate".
std::string_view name_of(Reason reason);

struct FilterOptions {
  double repeated_lines = 0.3;  // the largest share of lines that said the same before, 0 to 1
  int64_t least_tokens = 1;     // of a whole example, both included
  int64_t most_tokens = 4096;
  double similarity = 0.8;  // from which two texts are one; 0.7 to 1
};

// BrokenText, for U+FFFD; Marks; or RepeatedLines. O(bytes).
std::optional<Reason> reason_against(const Record& record, const FilterOptions& options);

// The share of a text's lines that stood in it before; empty ones and texts of fewer than four do
// not count (Rae et al., 2021, arXiv:2112.11446, table A1).
double repeated_lines(std::string_view text);

}  // namespace melete::train
