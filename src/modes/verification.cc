#include "modes/verification.h"

#include <cmath>
#include <utility>

#include "modes/answer_extraction.h"
#include "modes/json_schema.h"
#include "modes/pattern.h"

namespace melete::modes {

namespace {

Error wrong(std::string message) {
  return {ErrorCode::InvalidArgument, std::move(message), "verify"};
}

}  // namespace

struct Verification::Check {
  std::optional<Pattern> pattern;
  std::optional<Json> schema;
  std::optional<Answer> value;
  double tolerance = 0;
};

Result<Verification> Verification::make(const chat::Request& request) {
  auto check = std::make_shared<Check>();
  if (const auto* match = std::get_if<chat::MatchesPattern>(&*request.verifier)) {
    auto pattern = Pattern::make(match->pattern);
    if (!pattern) return std::unexpected(wrong(pattern.error().message));
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
  if (check_->pattern) return check_->pattern->is_in(text);
  if (check_->schema) {
    const auto found = extract_answer(text, AnswerKind::Json);
    const auto json = found ? parse_json(found->text) : parse_json(text);
    return json && fits_schema(*json, *check_->schema);
  }
  const bool by_number = check_->value->number.has_value();
  const auto found = by_number ? extract_answer(text, AnswerKind::Number) : answer;
  if (!found) return false;
  if (same_answer(*found, *check_->value)) return true;
  return by_number && found->number &&
         std::abs(found->number->value - check_->value->number->value) <= check_->tolerance;
}

}  // namespace melete::modes
