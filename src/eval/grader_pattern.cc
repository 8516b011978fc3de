// Patterns: a regular expression that a right answer has somewhere.

#include "eval/grader.h"
#include "modes/pattern.h"

namespace melete::eval {

bool grade_pattern(const Item& item, std::string_view text) {
  const auto pattern = modes::Pattern::make(item.pattern);
  return pattern && pattern->is_in(text);
}

}  // namespace melete::eval
