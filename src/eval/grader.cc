#include "eval/grader.h"

#include <array>
#include <utility>

#include "modes/answer.h"

namespace melete::eval {
namespace {

constexpr std::array<std::pair<std::string_view, Grader>, 6> kGraders{{
    {"number", grade_number},
    {"words", grade_words},
    {"numbers", grade_numbers},
    {"factors", grade_factors},
    {"expression", grade_expression},
    {"pattern", grade_pattern},
}};

// Tasks whose answers do not say how they are to be compared.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kTasks{{
    {"countdown", "expression"},
    {"number_sorting", "numbers"},
    {"prime_factorization", "factors"},
}};

}  // namespace

Grader find_grader(std::string_view name) {
  for (const auto& [known, grader] : kGraders) {
    if (known == name) return grader;
  }
  return nullptr;
}

std::string grader_names() {
  std::string names;
  for (const auto& [name, grader] : kGraders) {
    names += (names.empty() ? "" : ", ") + std::string(name);
  }
  return names;
}

std::string_view grader_of(const Item& item) {
  if (!item.grader.empty()) return item.grader;
  if (!item.pattern.empty()) return "pattern";
  for (const auto& [task, grader] : kTasks) {
    if (task == item.task) return grader;
  }
  return modes::parse_number(item.answer) ? "number" : "words";
}

bool is_right(const Item& item, std::string_view text) {
  return find_grader(grader_of(item))(item, text);
}

std::string_view last_line(std::string_view text) {
  constexpr std::string_view kMarks = " \t\r*_`#$\"'";
  while (!text.empty()) {
    const size_t start = text.find_last_of('\n');
    std::string_view line = start == std::string_view::npos ? text : text.substr(start + 1);
    text = start == std::string_view::npos ? std::string_view() : text.substr(0, start);
    const size_t first = line.find_first_not_of(kMarks);
    if (first == std::string_view::npos) continue;
    line = line.substr(first, line.find_last_not_of(kMarks) - first + 1);
    const size_t colon = line.rfind(": ");
    if (colon != std::string_view::npos) line = line.substr(colon + 2);
    const size_t inner = line.find_first_not_of(kMarks);
    return inner == std::string_view::npos ? std::string_view() : line.substr(inner);
  }
  return {};
}

}  // namespace melete::eval
