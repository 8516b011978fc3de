#include "modes/answer_extraction.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <ranges>
#include <string>

#include "base/text.h"

namespace melete::modes {

namespace {

constexpr size_t kLongestMarkedAnswer = 80;
constexpr size_t kLongestWholeAnswer = 60;
constexpr int kMostMarkers = 16;  // looked at, from the end
constexpr std::array<std::string_view, 5> kMarkers{"\\boxed{", "####", "answer is",
                                                   "answer:", "answer**:"};  // in lower case

bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}
bool has_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// What stands in the braces that open at `text[0]`; nothing when they never close.
std::optional<std::string_view> in_braces(std::string_view text) {
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{') ++depth;
    if (text[i] == '}' && --depth == 0) return text.substr(1, i - 1);
  }
  return std::nullopt;
}

// The phrase after a marker: to the end of its line or sentence; the next line when nothing
// follows.
std::string_view phrase_after(std::string_view rest) {
  const size_t first = rest.find_first_not_of(" \t:*=");
  rest.remove_prefix(std::min(first, rest.size()));
  rest = trimmed(rest);
  size_t end = std::min(rest.find('\n'), rest.size());
  for (size_t i = 0; i + 1 < end; ++i) {
    const bool letter_label =
        (i == 1 && is_letter(rest.front())) || (i == 2 && rest.front() == '(');
    if (rest[i] == '.' && is_space(rest[i + 1]) && !letter_label) end = i;
  }
  return rest.substr(0, end);
}

// "<the answer>": a model that repeats how its answer is to be marked has not answered.
bool is_placeholder(std::string_view phrase) {
  const bool bracketed = (phrase.starts_with('<') && phrase.ends_with('>')) ||
                         (phrase.starts_with('[') && phrase.ends_with(']'));
  if (!bracketed) return false;
  const std::string inside = lower_case(trimmed(phrase.substr(1, phrase.size() - 2)));
  return inside == "answer" || inside == "the answer" || inside == "your answer";
}

std::optional<Answer> usable(std::string_view phrase) {
  phrase = trimmed(phrase);
  if (phrase.empty() || phrase.size() > kLongestMarkedAnswer) return std::nullopt;
  if (is_placeholder(phrase)) return std::nullopt;
  Answer answer = make_answer(phrase);
  if (answer.key.empty()) return std::nullopt;
  return answer;
}

std::optional<Answer> boxed_answer(std::string_view rest) {
  const auto content = in_braces(rest.substr(rest.find('{')));
  return content ? usable(*content) : std::nullopt;
}

// The last answer that the text marks as such.
std::optional<Answer> marked_answer(std::string_view text) {
  const std::string lowered = lower_case(text);
  size_t from = std::string::npos;
  for (int tries = 0; tries < kMostMarkers; ++tries) {
    size_t best = std::string::npos;
    std::string_view marker;
    for (const std::string_view each : kMarkers) {
      const size_t at = lowered.rfind(each, from);
      if (at != std::string::npos && (best == std::string::npos || at > best)) {
        best = at;
        marker = each;
      }
    }
    if (best == std::string::npos) return std::nullopt;
    const std::string_view rest = text.substr(best);
    auto answer = marker == "\\boxed{" ? boxed_answer(rest)
                                       : usable(phrase_after(rest.substr(marker.size())));
    if (answer) return answer;
    if (best == 0) return std::nullopt;
    from = best - 1;
  }
  return std::nullopt;
}

bool number_character(std::string_view text, size_t i) {
  if (is_digit(text[i])) return true;
  const bool inside =
      i > 0 && i + 1 < text.size() && is_digit(text[i - 1]) && is_digit(text[i + 1]);
  return inside && (text[i] == '.' || text[i] == ',' || text[i] == '/');
}

// "2 hours 35 minutes", "12:30", "2\sqrt{3}": what no single number stands for.
bool is_compound(std::string_view phrase) {
  if (phrase.find('=') != std::string_view::npos) return false;
  if (has_any(phrase, {"\\sqrt", "\\pi", "\u221a", "\u03c0"})) return true;
  const size_t colon = phrase.find(':');
  const bool between = colon != std::string_view::npos && colon > 0 && colon + 1 < phrase.size();
  if (between && is_digit(phrase[colon - 1]) && is_digit(phrase[colon + 1])) return true;
  int words = 0;  // amounts and units take turns
  for (const auto part : std::views::split(phrase, ' ')) {
    std::string_view word(part.begin(), part.end());
    if (word.ends_with(',')) word.remove_suffix(1);
    if (word.empty() || word == "and") continue;
    const bool amount = std::ranges::all_of(word, [](char c) { return is_digit(c) || c == '.'; });
    const bool unit = std::ranges::none_of(word, is_digit) && !has_any(word, {"because", "times"});
    if (words % 2 == 0 ? !amount : !unit) return false;
    ++words;
  }
  return words >= 4 && words % 2 == 0;
}

// The fraction whose last digit stands before `end`, as in "\frac{3}{4}".
std::optional<Answer> fraction_before(std::string_view text, size_t end) {
  if (end >= text.size() || text[end] != '}') return std::nullopt;
  const size_t command = text.rfind('\\', end);
  if (command == std::string_view::npos) return std::nullopt;
  const bool minus = command > 0 && text[command - 1] == '-';
  const bool difference = command > 1 && (is_word(text[command - 2]) || text[command - 2] == ')');
  const size_t begin = command - (minus && !difference ? 1 : 0);
  auto answer = usable(text.substr(begin, end + 1 - begin));
  return answer && answer->number ? answer : std::nullopt;
}

// The last number of the text. A minus sign counts when no operand stands before it.
std::optional<Answer> last_number(std::string_view text) {
  constexpr std::string_view kMinus = "\u2212";
  size_t end = text.size();
  while (end > 0 && !is_digit(text[end - 1])) --end;
  if (end == 0) return std::nullopt;
  if (auto fraction = fraction_before(text, end)) return fraction;
  size_t begin = end;
  while (begin > 0 && number_character(text, begin - 1)) --begin;
  if (begin > 0 && text[begin - 1] == '$') --begin;
  if (begin > 0 && text[begin - 1] == '-') {
    const bool operand_before =
        begin > 1 && (is_word(text[begin - 2]) || text[begin - 2] == ')' || text[begin - 2] == ' ');
    const bool after_space = begin > 1 && text[begin - 2] == ' ';
    if (!operand_before || after_space) --begin;
  }
  if (text.substr(0, begin).ends_with(kMinus)) {
    const size_t sign = begin - kMinus.size();
    const bool operand_before = sign > 0 && (is_word(text[sign - 1]) || text[sign - 1] == ')');
    if (!operand_before) begin = sign;
  }
  if (end < text.size() && text[end] == '%') ++end;
  return usable(text.substr(begin, end - begin));
}

// Whether a capital A to J stands alone at text[i] and is no word of English.
bool is_lone_letter(std::string_view text, size_t i) {
  if (text[i] < 'A' || text[i] > 'J') return false;
  if (i > 0 && (is_word(text[i - 1]) || text[i - 1] == '\'')) return false;
  if (i + 1 == text.size()) return true;
  if (is_word(text[i + 1]) || text[i + 1] == '\'') return false;
  if ((text[i] != 'A' && text[i] != 'I') || text[i + 1] != ' ') return true;
  const std::string_view after = text.substr(i + 1);
  return after.starts_with(" because") || after.starts_with(" since");
}

std::optional<Answer> first_letter(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (is_lone_letter(text, i)) return make_answer(text.substr(i, 1));
  }
  return std::nullopt;
}

std::optional<Answer> last_letter(std::string_view text) {
  for (size_t i = text.size(); i-- > 0;) {
    if (is_lone_letter(text, i)) return make_answer(text.substr(i, 1));
  }
  return std::nullopt;
}

// The content of the last closed code fence.
std::optional<std::string_view> last_block(std::string_view text) {
  const size_t close = text.rfind("```");
  if (close == std::string_view::npos || close == 0) return std::nullopt;
  const size_t open = text.rfind("```", close - 1);
  if (open == std::string_view::npos) return std::nullopt;
  const std::string_view block = text.substr(open + 3, close - open - 3);
  const size_t line = block.find('\n');
  return line == std::string_view::npos ? block : block.substr(line + 1);
}

std::optional<Answer> json_answer(std::string_view text) {
  const std::string_view body = trimmed(last_block(text).value_or(text));
  if (!parse_json(body)) return std::nullopt;
  const auto sorted_by_key = nlohmann::json::parse(body);
  return Answer{.text = std::string(body), .key = sorted_by_key.dump()};
}

std::optional<Answer> code_answer(std::string_view text) {
  const auto block = last_block(text);
  if (!block || trimmed(*block).empty()) return std::nullopt;
  Answer answer{.text = std::string(*block)};
  for (const auto line : std::views::split(trimmed(*block), '\n')) {
    std::string_view content(line.begin(), line.end());
    while (!content.empty() && is_space(content.back())) content.remove_suffix(1);
    if (!content.empty()) answer.key.append(content).append("\n");
  }
  return answer;
}

std::optional<Answer> whole_answer(std::string_view text) {
  text = trimmed(text);
  if (text.size() > kLongestWholeAnswer || text.find('\n') != std::string_view::npos ||
      names_marker(text)) {
    return std::nullopt;
  }
  return usable(text);
}

// Whether what stands before an expression asks for its value: "What is 5-3?", where "the season
// 2022-2023" and "chapters 3-5" ask for none.
bool asks_for_value(std::string_view before) {
  constexpr size_t kNear = 40;  // bytes looked at; an expression before this operator is among them
  std::string asking = lower_case(before.substr(before.size() - std::min(before.size(), kNear)));
  while (!asking.empty() && !is_letter(asking.back())) asking.pop_back();
  return asking.ends_with(" is") || asking.ends_with("what's") || asking.ends_with("solve");
}

// "5 - 3" and the like.
bool has_arithmetic(std::string_view text) {
  text = trimmed(text);  // else each operator would pass over the space at the ends
  const bool bare = std::ranges::none_of(text, is_letter);
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    if (!has_any(text.substr(i, 1), {"+", "-", "*", "/", "^", "="})) continue;
    const std::string_view left = trimmed(text.substr(0, i));
    const std::string_view right = trimmed(text.substr(i + 1));
    const bool operand_left = !left.empty() && (is_digit(left.back()) || left.back() == ')');
    const bool operand_right =
        !right.empty() && (is_digit(right.front()) || has_any(right.substr(0, 1), {"(", "-", "?"}));
    if (!operand_left || !operand_right) continue;
    const bool tight = !is_space(text[i - 1]) && !is_space(text[i + 1]);
    const bool may_be_range = tight && (text[i] == '-' || text[i] == '/');
    if (!may_be_range || bare || asks_for_value(left)) return true;
  }
  return false;
}

bool has_options(std::string_view text) {
  return (has_any(text, {"A)", "(A)"}) && has_any(text, {"B)", "(B)"})) ||
         (has_any(text, {"A. ", "A: "}) && has_any(text, {"\nB. ", "\nB: ", " B. "}));
}

// `text` without its fenced blocks: what is attached does not say what is asked.
std::string without_blocks(std::string_view text) {
  std::string kept;
  while (true) {
    const size_t open = text.find("```");
    const size_t close = open == std::string_view::npos ? open : text.find("```", open + 3);
    if (close == std::string_view::npos) return kept.append(text);
    kept.append(text.substr(0, open));
    text.remove_prefix(close + 3);
  }
}

}  // namespace

AnswerKind expected_kind(const chat::Request& request) {
  if (request.schema) return AnswerKind::Json;
  std::string question;
  for (const chat::Message& message : request.messages) {
    if (message.role == chat::Role::User) question = chat::text_of(message);
  }
  const std::string asked = without_blocks(question);
  const bool has_blocks = asked.size() < question.size();
  const std::string lowered = lower_case(asked);
  if (has_options(asked)) return AnswerKind::Letter;
  if (has_any(lowered, {"write a function", "write code", "write a program", "write a script",
                        "implement "}) ||
      (has_blocks && has_any(lowered, {"fix ", "refactor", "rewrite", "complete ", "debug "}))) {
    return AnswerKind::Code;
  }
  if (has_any(lowered, {"how many", "how much", "how old", "how far", "how long", "how tall",
                        "calculate", "compute", "evaluate", "what is the sum", "what percent",
                        "what is the value", "what is the total", "what is the product"}) ||
      has_arithmetic(asked)) {
    return AnswerKind::Number;
  }
  return AnswerKind::Any;
}

bool names_marker(std::string_view question) {
  const std::string lowered = lower_case(question);
  return std::ranges::any_of(
      kMarkers, [&](std::string_view marker) { return lowered.find(marker) != std::string::npos; });
}

std::optional<Answer> extract_answer(std::string_view text, AnswerKind kind) {
  if (kind == AnswerKind::Json) return json_answer(text);
  if (kind == AnswerKind::Code) return code_answer(text);
  auto marked = marked_answer(text);
  if (kind == AnswerKind::Number) {
    const bool whole = marked && (marked->number || marked->key.starts_with('{'));
    if (whole || (marked && is_compound(marked->text))) return marked;
    const bool has_digits = marked && std::ranges::any_of(marked->text, is_digit);
    return last_number(has_digits ? std::string_view(marked->text) : text);
  }
  if (kind == AnswerKind::Letter && marked && !marked->key.starts_with("choice ")) {
    if (auto letter = first_letter(marked->text)) return letter;  // "B, because 3 x 4 = 12"
  }
  if (marked) return marked;
  if (kind == AnswerKind::Letter) {
    if (auto letter = last_letter(text)) return letter;
  }
  return whole_answer(text);
}

}  // namespace melete::modes
