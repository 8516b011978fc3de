// A regular expression from outside: it is looked for in one pass, whatever it is.

#pragma once

#include <memory>
#include <regex>
#include <string>
#include <string_view>

#include "base/error.h"

namespace melete::modes {

// Thread-safe: it is never changed. Copies share what was compiled.
class Pattern {
 public:
  // An ECMAScript expression. InvalidArgument where it is none, has back references or lookaheads,
  // is longer than 256 bytes or counts further than 64. Microseconds to milliseconds.
  static Result<Pattern> make(const std::string& expression);

  // Whether the last 4 KiB of `text` have it somewhere; ^ and $ stand for their ends. Time in
  // proportion to the text's and the expression's size.
  bool is_in(std::string_view text) const;

 private:
  explicit Pattern(std::shared_ptr<const std::regex> compiled) : compiled_(std::move(compiled)) {}

  std::shared_ptr<const std::regex> compiled_;
};

}  // namespace melete::modes
