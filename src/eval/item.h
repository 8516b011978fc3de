// A question with its known answer, and files of them.

#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "chat/message.h"

namespace melete::eval {

struct Item {
  std::string id;
  std::string task;  // what kind of question it is; empty: unknown
  std::string question;
  std::string answer;
  std::string grader;   // by name (grader.h); empty: what `pattern`, `task` and `answer` suggest
  std::string pattern;  // a regular expression (modes/pattern.h) that right answers have; or empty
  std::vector<chat::Part> media;  // a picture or a sound, or both, that stand before the question
};

// Reads JSON lines with the texts `id`, `question` and `answer`, and where given `task`,
// `grader` and `pattern`, and `image` and `audio`, which name files relative to this one; other
// fields are passed over, and a line without an id is numbered. With `limit` above 0 at most so
// many items, spread evenly over the file, for a file may be sorted by task. NotFound;
// InvalidArgument with the number of the line.
Result<std::vector<Item>> read_items(const std::string& path, int limit = 0);

}  // namespace melete::eval
