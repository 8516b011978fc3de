// Words: case and punctuation do not count, unless the answer is nothing else.

#include <cctype>
#include <string>

#include "eval/grader.h"
#include "modes/answer_extraction.h"

namespace melete::eval {
namespace {

// Letters and digits in lower case, words apart by one space.
std::string plain_words(std::string_view text) {
  std::string words;
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) || byte >= 0x80) {
      words += static_cast<char>(std::tolower(byte));
    } else if (!words.empty() && words.back() != ' ') {
      words += ' ';
    }
  }
  if (words.ends_with(' ')) words.pop_back();
  return words;
}

}  // namespace

bool grade_words(const Item& item, std::string_view text) {
  const std::string expected = plain_words(item.answer);
  if (expected.empty()) {  // signs alone, such as "<"
    const std::string_view sign = last_line(item.answer);
    return !sign.empty() && last_line(text) == sign;
  }
  if (plain_words(last_line(text)) == expected) return true;
  if (const auto choice = modes::make_answer(item.answer); choice.key.starts_with("choice ")) {
    const auto chosen = modes::extract_answer(text, modes::AnswerKind::Letter);
    return chosen && modes::same_answer(*chosen, choice);
  }
  const auto marked = modes::extract_answer(text);
  return marked && plain_words(marked->text) == expected;
}

}  // namespace melete::eval
