#include "data/task.h"

#include <algorithm>
#include <cctype>

namespace melete::train {

namespace {

constexpr std::string_view kAnswer = "Answer: ";

bool is_blank(char letter) {
  return std::isspace(static_cast<uint8_t>(letter)) != 0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// Whether a comma parts thousands: three digits follow it, and no fourth.
bool parts_thousands(std::string_view text, size_t comma) {
  const auto digit = [&](size_t i) {
    return i < text.size() && std::isdigit(static_cast<uint8_t>(text[i])) != 0;
  };
  return comma > 0 && digit(comma - 1) && digit(comma + 1) && digit(comma + 2) &&
         digit(comma + 3) && !digit(comma + 4);
}

// Lower case, without quotes, commas within numbers, blanks around it and around other commas, and
// a full stop at the end.
std::string plain(std::string_view text) {
  std::string kept;
  for (size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (letter == '"' || (letter == ',' && parts_thousands(text, i))) continue;
    if (letter == ',') {
      while (!kept.empty() && is_blank(kept.back())) kept.pop_back();
    }
    if (is_blank(letter) && (kept.empty() || kept.back() == ',')) continue;
    kept += static_cast<char>(std::tolower(static_cast<uint8_t>(letter)));
  }
  while (!kept.empty() && (is_blank(kept.back()) || kept.back() == '.')) kept.pop_back();
  return kept;
}

}  // namespace

bool Verifier::accepts(const Problem& problem, std::string_view answer) const {
  const std::string known = plain(problem.answer);
  if (known.empty()) return trimmed(answer) == trimmed(problem.answer);  // signs alone
  return plain(answer) == known;
}

std::optional<std::string> final_answer(std::string_view text) {
  for (size_t at = text.rfind(kAnswer); at != std::string_view::npos;
       at = text.rfind(kAnswer, at - 1)) {
    if (at == 0 || text[at - 1] == '\n') {
      const std::string_view rest = text.substr(at + kAnswer.size());
      return std::string(rest.substr(0, rest.find('\n')));
    }
  }
  return std::nullopt;
}

bool is_right(const Verifier& verifier, const Problem& problem, std::string_view text) {
  if (problem.chat || verifier.reads_all()) return verifier.accepts(problem, text);
  const std::optional<std::string> answer = final_answer(text);
  return answer && verifier.accepts(problem, *answer);
}

Example example_of(const Problem& problem, Trace trace) {
  Example example{.question = problem.question, .reasoning = {}, .answer = problem.shown};
  if (trace == Trace::Short) example.reasoning = problem.short_trace;
  if (trace == Trace::Long) example.reasoning = problem.long_trace;
  if (!problem.shown.empty()) example.answer += '\n';
  if (!problem.chat) example.answer += kAnswer;
  example.answer += problem.answer;
  return example;
}

}  // namespace melete::train
