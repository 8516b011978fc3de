#include "modes/pattern.h"

#include <algorithm>
#include <utility>

namespace melete::modes {

namespace {

constexpr size_t kLongestPattern = 256;
constexpr size_t kLongestSubject = 4096;
constexpr int kMostCopies = 64;

// The polynomial matcher of libstdc++: its usual one backtracks, which a caller's pattern could
// make last for ever or overflow the stack.
constexpr auto kSyntax =
    std::regex::ECMAScript | std::regex::nosubs | std::regex_constants::__polynomial;

// How many copies of a part the counts of a pattern can make: 12 for "(a{3}){4}".
int copies_in(std::string_view pattern) {
  int copies = 1;
  for (size_t at = pattern.find('{'); at != std::string_view::npos;
       at = pattern.find('{', at + 1)) {
    int largest = 1;
    int count = 0;
    for (size_t i = at + 1; i < pattern.size() && pattern[i] != '}'; ++i) {
      const bool digit = pattern[i] >= '0' && pattern[i] <= '9';
      count = digit ? std::min(count * 10 + (pattern[i] - '0'), kMostCopies + 1) : 0;
      largest = std::max(largest, count);
    }
    copies = std::min(copies * largest, kMostCopies + 1);
  }
  return copies;
}

// A lookahead is matched anew at every place, and one within another at every place of each.
bool looks_ahead(std::string_view pattern) {
  bool in_class = false;  // between [ and ]
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (in_class || pattern[i] == '[') {
      in_class = pattern[i] != ']';
    } else if (pattern.substr(i).starts_with("(?=") || pattern.substr(i).starts_with("(?!")) {
      return true;
    }
  }
  return false;
}

}  // namespace

Result<Pattern> Pattern::make(const std::string& expression) {
  if (expression.size() > kLongestPattern) {
    return fail(ErrorCode::InvalidArgument, "the pattern is longer than 256 bytes: shorten it");
  }
  if (copies_in(expression) > kMostCopies) {
    return fail(ErrorCode::InvalidArgument,
                "the counts in the pattern multiply to more than 64: lower them");
  }
  if (looks_ahead(expression)) {
    return fail(ErrorCode::InvalidArgument,
                "the pattern looks ahead, by \"(?=\" or \"(?!\": write it without");
  }
  try {
    (void)std::regex(expression, kSyntax);  // alone, so that its brackets cannot close the group
    return Pattern(std::make_shared<const std::regex>("[\\s\\S]*?(?:" + expression + ")", kSyntax));
  } catch (const std::regex_error&) {
    return fail(ErrorCode::InvalidArgument,
                "the pattern is no ECMAScript regular expression without back "
                "references: correct it");
  }
}

bool Pattern::is_in(std::string_view text) const {
  if (text.size() > kLongestSubject) text.remove_prefix(text.size() - kLongestSubject);
  return std::regex_search(text.begin(), text.end(), *compiled_,
                           std::regex_constants::match_continuous);
}

}  // namespace melete::modes
