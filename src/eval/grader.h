// Whether an answer is right. A grader is one file, grader_NAME.cc, and one line in the registry in
// grader.cc.

#pragma once

#include <string>
#include <string_view>

#include "eval/item.h"

namespace melete::eval {

// Pure; O(text).
using Grader = bool (*)(const Item& item, std::string_view text);

// The grader of this name, null for another.
//   number      the marked or else the last number is the answer's
//   words       the marked answer or the last line has the answer's words, without case and marks
//   numbers     the last list of numbers is the answer's, in its order
//   factors     the same in any order
//   expression  the last line computes what the answer computes, of the same numbers
//   pattern     the text has the item's pattern
Grader find_grader(std::string_view name);

// The names, for error messages.
std::string grader_names();

// The name of the grader of an item that names none: `pattern` where it has one, by its task, else
// `number` for an answer that is one, else `words`.
std::string_view grader_of(const Item& item);

// Whether `text` answers the item.
bool is_right(const Item& item, std::string_view text);

// The last line of `text` that has words, without Markdown's marks and a label such as "Answer:".
std::string_view last_line(std::string_view text);

// Each in the file of its name.
bool grade_number(const Item& item, std::string_view text);
bool grade_words(const Item& item, std::string_view text);
bool grade_numbers(const Item& item, std::string_view text);
bool grade_factors(const Item& item, std::string_view text);
bool grade_expression(const Item& item, std::string_view text);
bool grade_pattern(const Item& item, std::string_view text);

}  // namespace melete::eval
