// Lists of numbers: in order (`numbers`) or not (`factors`).

#include <algorithm>
#include <cctype>
#include <charconv>
#include <vector>

#include "eval/grader.h"

namespace melete::eval {
namespace {

std::vector<double> numbers_in(std::string_view text) {
  std::vector<double> numbers;
  for (size_t at = 0; at < text.size();) {
    double number = 0;
    // from_chars() reads "inf" and "nan" too, of which words are full.
    const bool word = std::isalpha(static_cast<unsigned char>(text[at]));
    const auto [end, error] = std::from_chars(&text[at], text.data() + text.size(), number);
    if (!word && error == std::errc()) {
      numbers.push_back(number);
      at = static_cast<size_t>(end - text.data());
    } else {
      ++at;
    }
  }
  return numbers;
}

// What stands in the last brackets, else in the last line.
std::string_view last_list(std::string_view text) {
  const size_t end = text.rfind(']');
  const size_t start = end == std::string_view::npos ? end : text.rfind('[', end);
  if (start != std::string_view::npos) return text.substr(start, end - start);
  return last_line(text);
}

}  // namespace

bool grade_numbers(const Item& item, std::string_view text) {
  return numbers_in(last_list(text)) == numbers_in(item.answer);
}

bool grade_factors(const Item& item, std::string_view text) {
  // "12 = 2 × 2 × 3" names the product first.
  std::string_view line = last_line(text);
  line = line.substr(line.find('=') == std::string_view::npos ? 0 : line.rfind('=') + 1);
  auto given = numbers_in(line);
  auto expected = numbers_in(item.answer);
  std::ranges::sort(given);
  std::ranges::sort(expected);
  return given == expected;
}

}  // namespace melete::eval
