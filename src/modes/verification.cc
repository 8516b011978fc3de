#include "modes/verification.h"

#include <algorithm>
#include <cmath>
#include <regex>
#include <utility>

#include "modes/answer_extraction.h"
#include "modes/json_schema.h"

namespace melete::modes {

namespace {

constexpr size_t kLongestPattern = 256;
constexpr size_t kLongestSubject = 4096;
constexpr int kMostCopies = 64;

// The polynomial matcher of libstdc++: its usual one backtracks, which a caller's pattern could
// make last for ever or overflow the stack.
constexpr auto kSyntax =
    std::regex::ECMAScript | std::regex::nosubs | std::regex_constants::__polynomial;

Error wrong(std::string message) {
  return {ErrorCode::InvalidArgument, std::move(message), "verify"};
}

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

// Finds `pattern` anywhere in one pass over a text.
Result<std::regex> compiled(const std::string& pattern) {
  if (pattern.size() > kLongestPattern) {
    return std::unexpected(wrong("the pattern is longer than 256 bytes: shorten it"));
  }
  if (copies_in(pattern) > kMostCopies) {
    return std::unexpected(wrong("the counts in the pattern multiply to more than 64: lower them"));
  }
  try {
    (void)std::regex(pattern, kSyntax);  // alone, so that its brackets cannot close the group
    return std::regex("[\\s\\S]*?(?:" + pattern + ")", kSyntax);
  } catch (const std::regex_error&) {
    return std::unexpected(
        wrong("the pattern is no ECMAScript regular expression without back "
              "references: correct it"));
  }
}

}  // namespace

struct Verification::Check {
  std::optional<std::regex> pattern;
  std::optional<Json> schema;
  std::optional<Answer> value;
  double tolerance = 0;
};

Result<Verification> Verification::make(const chat::Request& request) {
  auto check = std::make_shared<Check>();
  if (const auto* match = std::get_if<chat::MatchesPattern>(&*request.verifier)) {
    auto pattern = compiled(match->pattern);
    if (!pattern) return std::unexpected(pattern.error());
    check->pattern = std::move(*pattern);
  } else if (const auto* fit = std::get_if<chat::FitsSchema>(&*request.verifier)) {
    check->schema = fit->schema;
    if (!check->schema && request.schema) check->schema = request.schema->schema;
    if (!check->schema) {
      return std::unexpected(
          wrong("there is no schema to fit: give one here or ask for one as the "
                "format of the response"));
    }
  } else {
    const auto& equal = std::get<chat::EqualsValue>(*request.verifier);
    if (!(equal.tolerance >= 0)) {
      return std::unexpected(wrong("the tolerance of the value is below 0"));
    }
    check->value = make_answer(equal.value);
    check->tolerance = equal.tolerance;
  }
  return Verification(std::move(check));
}

bool Verification::passes(std::string_view text, const std::optional<Answer>& answer) const {
  if (check_->pattern) {
    if (text.size() > kLongestSubject) text.remove_prefix(text.size() - kLongestSubject);
    return std::regex_search(text.begin(), text.end(), *check_->pattern,
                             std::regex_constants::match_continuous);
  }
  if (check_->schema) {
    const auto found = extract_answer(text, AnswerKind::Json);
    const auto json = found ? parse_json(found->text) : parse_json(text);
    return json && fits_schema(*json, *check_->schema);
  }
  if (!answer) return false;
  if (same_answer(*answer, *check_->value)) return true;
  return answer->number && check_->value->number &&
         std::abs(answer->number->value - check_->value->number->value) <= check_->tolerance;
}

}  // namespace melete::modes
