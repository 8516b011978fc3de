// A kind of question that can be made in any number, with answers that can be checked.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "data/example.h"
#include "data/random.h"

namespace melete::train {

// One question with all that can be said about it.
struct Problem {
  std::vector<Part> question;
  std::string short_trace;  // the steps and nothing else
  std::string long_trace;   // with checks and, where the task has them, dead ends
  std::string shown;    // what the answer shows before its last line, such as points; may be empty
  std::string answer;   // short: what stands after "Answer: "; of chat, all of it
  bool chat = false;    // the answer is said as it is, without "Answer: "
  std::string written;  // the question in signs, such as "37 * 4"; empty: it has no such form
  std::string said;     // the same as one says it, in small letters and digits
  int difficulty = 0;   // 1 to kHardest, of drawn problems; 0: not known
};

enum class Trace { None, Short, Long };

// What checks answers. Immutable, so any number of threads may use one.
class Verifier {
 public:
  virtual ~Verifier() = default;

  // In snake_case, e.g. "modular_chain"; of questions in a file, the file's name.
  virtual std::string_view name() const = 0;

  // True where a short answer is right; by default where it says the same as the problem's.
  virtual bool accepts(const Problem& problem, std::string_view answer) const;

  // Whether accepts() gets whole answers, of problems with a last line of their own too.
  virtual bool reads_all() const { return false; }
};

// Problems depend on `random` and `difficulty` alone.
class Task : public Verifier {
 public:
  // `difficulty` is 1 to kHardest. Microseconds for text, milliseconds for pictures and voices.
  virtual Problem make(Random& random, int difficulty) const = 0;
};

inline constexpr int kHardest = 10;

// What stands after the last "Answer: " that begins a line, up to the line's end.
std::optional<std::string> final_answer(std::string_view text);

// accepts() for the final answer of a whole text; of chat, and where the verifier reads all, for
// the text.
bool is_right(const Verifier& verifier, const Problem& problem, std::string_view text);

// The problem as it is taught. A task without traces has none, whatever is asked for.
Example example_of(const Problem& problem, Trace trace);

}  // namespace melete::train
