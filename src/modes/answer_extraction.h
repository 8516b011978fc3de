// Finds the short answer in what an agent wrote, so that answers can be compared.

#pragma once

#include <optional>
#include <string_view>

#include "chat/request.h"
#include "modes/answer.h"

namespace melete::modes {

// What a question asks for. It decides what counts as the answer where the text marks none.
enum class AnswerKind {
  Any,     // a marked answer, or a whole text of one short line
  Number,  // also the last number of the text
  Letter,  // also the last choice letter of the text
  Json,    // the whole text, compared as a value
  Code,    // the last fenced block, compared without white space at line ends
};

// Judges by the schema and the last user message ("how many ...", "A) ... B) ...", "write a
// function").
AnswerKind expected_kind(const chat::Request& request);

// Whether a question itself says how its answer is to be marked, in a way that extract_answer()
// finds: "end with a line: Answer: ...". Case does not matter. O(question).
bool names_marker(std::string_view question);

// The answer in `text`; nothing when there is none to compare. The last marked answer wins
// ("\boxed{18}",
// "#### 18", "the answer is 18", "Answer: 18"), then what `kind` adds. O(text).
std::optional<Answer> extract_answer(std::string_view text, AnswerKind kind = AnswerKind::Any);

}  // namespace melete::modes
