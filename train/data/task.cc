#include "data/task.h"

#include <algorithm>
#include <cctype>

namespace melete::train {

namespace {

constexpr std::string_view kAnswer = "Answer: ";

// Lower case, without spaces around, commas within numbers and a full stop at the end.
std::string plain(std::string_view text) {
  std::string kept;
  for (const char letter : text) {
    const auto code = static_cast<uint8_t>(letter);
    if (letter != ',' && letter != '"') kept += static_cast<char>(std::tolower(code));
  }
  while (!kept.empty() && (std::isspace(static_cast<uint8_t>(kept.back())) || kept.back() == '.')) {
    kept.pop_back();
  }
  const auto first = std::ranges::find_if(
      kept, [](char letter) { return !std::isspace(static_cast<uint8_t>(letter)); });
  return {first, kept.end()};
}

}  // namespace

bool Verifier::accepts(const Problem& problem, std::string_view answer) const {
  return plain(answer) == plain(problem.answer);
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
  if (problem.chat) return verifier.accepts(problem, text);
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
