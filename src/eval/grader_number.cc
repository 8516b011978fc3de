// Numbers, however they are written.

#include "eval/grader.h"
#include "modes/answer_extraction.h"

namespace melete::eval {

bool grade_number(const Item& item, std::string_view text) {
  const auto given = modes::extract_answer(text, modes::AnswerKind::Number);
  return given && modes::same_answer(*given, modes::make_answer(item.answer));
}

}  // namespace melete::eval
