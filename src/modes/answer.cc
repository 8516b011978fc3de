#include "modes/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

#include "base/text.h"

namespace melete::modes {

namespace {

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

// Digits with an optional point and optional thousands groups; commas anywhere else make it no
// number.
std::optional<double> parse_unsigned(std::string_view text) {
  const size_t point = std::min(text.find('.'), text.size());
  std::string digits;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ',') {
      const bool group = i > 0 && i < point && (point - i) % 4 == 0;
      if (!group) return std::nullopt;
    } else if (is_digit(text[i]) || i == point) {
      digits += text[i];
    } else {
      return std::nullopt;
    }
  }
  if (std::ranges::none_of(digits, is_digit)) return std::nullopt;
  if (text.find(',') != std::string_view::npos && text.find(',') > 3) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// "3.2e5", "3.2 x 10^5", "3.2 \times 10^{5}".
std::optional<double> parse_scientific(std::string_view text) {
  std::string packed;
  std::ranges::copy_if(text, std::back_inserter(packed), [](char c) { return c != ' '; });
  for (const std::string_view mark : {"\u00d710^", "\\times10^", "x10^", "*10^", "e", "E"}) {
    const size_t at = packed.find(mark);
    if (at == std::string::npos) continue;
    const auto mantissa = parse_unsigned(std::string_view(packed).substr(0, at));
    std::string_view power = std::string_view(packed).substr(at + mark.size());
    if (take_prefix(power, "{") && !take_suffix(power, "}")) return std::nullopt;
    const bool below = take_prefix(power, "-") || take_prefix(power, "\u2212");
    take_prefix(power, "+");
    const auto exponent = parse_unsigned(power);
    if (!mantissa || !exponent || *exponent > 300) return std::nullopt;
    return *mantissa * std::pow(10, below ? -*exponent : *exponent);
  }
  return std::nullopt;
}

// "3/4", "1 1/2", "\frac{3}{4}", a power of ten or a plain unsigned number.
std::optional<double> parse_magnitude(std::string_view text) {
  for (const std::string_view command : {"\\frac{", "\\dfrac{", "\\tfrac{"}) {
    std::string_view rest = text;
    if (!take_prefix(rest, command) || !take_suffix(rest, "}")) continue;
    const size_t middle = rest.find("}{");
    if (middle == std::string_view::npos) return std::nullopt;
    const auto above = parse_unsigned(rest.substr(0, middle));
    const auto below = parse_unsigned(rest.substr(middle + 2));
    if (!above || !below || *below == 0) return std::nullopt;
    return *above / *below;
  }
  const size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    const auto plain = parse_unsigned(text);
    return plain ? plain : parse_scientific(text);
  }
  std::string_view above = trimmed(text.substr(0, slash));
  double whole = 0;
  if (const size_t gap = above.find(' '); gap != std::string_view::npos) {
    const auto front = parse_unsigned(above.substr(0, gap));
    if (!front) return std::nullopt;
    whole = *front;
    above = trimmed(above.substr(gap));
  }
  const auto top = parse_unsigned(above);
  const auto below = parse_unsigned(trimmed(text.substr(slash + 1)));
  if (!top || !below || *below == 0) return std::nullopt;
  return whole + *top / *below;
}

// Peels one layer of markup off; false when there is none.
bool peel(std::string_view& text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kPairs{{
      {"**", "**"},
      {"__", "__"},
      {"`", "`"},
      {"\\(", "\\)"},
      {"\\[", "\\]"},
      {"\\text{", "}"},
      {"\\mathrm{", "}"},
      {"\\textbf{", "}"},
      {"\\boxed{", "}"},
      {"\"", "\""},
      {"'", "'"},
      {"<answer>", "</answer>"},
      {"$$", "$$"},
      {"$", "$"},
  }};
  text = trimmed(text);
  for (const auto& [open, close] : kPairs) {
    if (text.size() < open.size() + close.size()) continue;
    if (!text.starts_with(open) || !text.ends_with(close)) continue;
    text.remove_prefix(open.size());
    text.remove_suffix(close.size());
    return true;
  }
  if (take_prefix(text, "**") || take_suffix(text, "**")) return true;
  if (text.size() > 1 && (text.ends_with('.') || text.ends_with('!') || text.ends_with(';'))) {
    text.remove_suffix(1);
    return true;
  }
  return false;
}

std::string lower_words(std::string_view text) {
  std::string words;
  for (const char c : trimmed(text)) {
    if (is_space(c)) {
      if (!words.ends_with(' ')) words += ' ';
    } else {
      words += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
  }
  return words;
}

std::string key_of(const Number& number) {
  return fmt::format("{:.12g}{}", number.value == 0 ? 0.0 : number.value,
                     number.percent ? "%" : "");
}

// "18 dollars", "18 km/h", "12 m^2": a number and a unit of at most four words without digits but
// for an exponent.
std::optional<Number> number_with_unit(std::string_view text) {
  size_t end = text.size();
  for (size_t i = 0; i < text.size() && end == text.size(); ++i) {
    if (is_space(text[i]) && i + 1 < text.size() && is_letter(text[i + 1])) end = i;
  }
  if (end == text.size()) return std::nullopt;
  std::string_view unit = trimmed(text.substr(end));
  for (const std::string_view exponent : {"^2", "^3", "^{2}", "^{3}"}) {
    if (take_suffix(unit, exponent)) break;
  }
  if (std::ranges::any_of(unit, is_digit) || std::ranges::count_if(unit, is_space) > 3) {
    return std::nullopt;
  }
  if (unit == "and" || unit.starts_with("or ") || unit.starts_with("and ")) return std::nullopt;
  return parse_number(text.substr(0, end));
}

// "B", "(b)", "B)", "B. Paris", "B (Paris)", "Option B".
std::optional<char> choice_letter(std::string_view text) {
  for (const std::string_view word : {"option ", "Option ", "choice ", "Choice "}) {
    if (take_prefix(text, word)) break;
  }
  text = trimmed(text);
  const bool open = take_prefix(text, "(");
  if (text.empty() || !is_letter(text.front())) return std::nullopt;
  const char letter = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  if (letter > 'J') return std::nullopt;
  text.remove_prefix(1);
  if (text.empty()) return letter;
  if (take_prefix(text, ")")) return letter;
  const bool marked = text.starts_with(". ") || text.starts_with(": ") || text.starts_with(" (");
  if (!open && marked) return letter;
  return std::nullopt;
}

// The keys of "1, 2 and 3" or "{3, 1, 2}", sorted; nothing for fewer than two items.
std::optional<std::string> set_key(std::string_view text) {
  if (take_prefix(text, "\\{")) take_suffix(text, "\\}");
  if (take_prefix(text, "{")) take_suffix(text, "}");
  std::string list(text);
  for (size_t at; (at = list.find(" and ")) != std::string::npos;) list.replace(at, 5, ", ");
  std::vector<std::string> keys;
  size_t begin = 0;
  while (begin <= list.size()) {
    const size_t comma = std::min(list.find(',', begin), list.size());
    const std::string_view item = trimmed(std::string_view(list).substr(begin, comma - begin));
    begin = comma + 1;
    if (item.empty()) continue;
    const auto number = parse_number(item);
    keys.push_back(number ? key_of(*number) : lower_words(item));
  }
  if (keys.size() < 2) return std::nullopt;
  std::ranges::sort(keys);
  return fmt::format("{{{}}}", fmt::join(keys, ","));
}

// "x = 5" is the answer 5 where the left side is one short name; "x = 3, y = 4" are two answers.
std::string_view right_side(std::string_view text) {
  const size_t equals = text.rfind('=');
  if (equals == std::string_view::npos || equals == 0 || text.find('=') > 20) return text;
  if (text.substr(0, equals).find_first_of(",;") != std::string_view::npos) return text;
  return trimmed(text.substr(equals + 1));
}

bool close_to(double left, double right) {
  return std::abs(left - right) <= 1e-9 * std::max({1.0, std::abs(left), std::abs(right)});
}

}  // namespace

std::optional<Number> parse_number(std::string_view text) {
  text = trimmed(text);
  Number number;
  bool negative = false;
  for (bool again = true; again;) {
    again = false;
    if (take_prefix(text, "-") || take_prefix(text, "\u2212")) again = negative = true;
    for (const std::string_view mark : {"+", "\\$", "$", "\u20ac", "\u00a3", "\u00a5"}) {
      if (take_prefix(text, mark)) again = true;
    }
    text = trimmed(text);
  }
  for (const std::string_view mark : {"\\%", "%", "percent"}) {
    if (take_suffix(text, mark)) number.percent = true;
  }
  text = trimmed(text);
  const auto magnitude = parse_magnitude(text);
  if (!magnitude) return std::nullopt;
  number.value = negative ? -*magnitude : *magnitude;
  return number;
}

Answer make_answer(std::string_view text) {
  while (peel(text)) {
  }
  text = trimmed(text);
  Answer answer{.text = std::string(text)};
  const std::string_view value = right_side(text);
  answer.number = parse_number(value);
  if (!answer.number) answer.number = number_with_unit(value);
  if (answer.number) {
    answer.key = key_of(*answer.number);
  } else if (const auto letter = choice_letter(text)) {
    answer.key = fmt::format("choice {}", *letter);
  } else if (const auto set = set_key(value)) {
    answer.key = *set;
  } else {
    answer.key = lower_words(text);
  }
  return answer;
}

bool same_answer(const Answer& left, const Answer& right) {
  if (!left.number || !right.number) return left.key == right.key;
  if (close_to(left.number->value, right.number->value)) return true;
  if (left.number->percent == right.number->percent) return false;
  const double factor = left.number->percent ? 100 : 0.01;
  return close_to(left.number->value, right.number->value * factor);
}

}  // namespace melete::modes
