// Questions with answers that can be checked, by number; and those of them that a run trains on and
// is measured by.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "data/order.h"
#include "data/task.h"
#include "data/task_source.h"

namespace melete::train {

struct Question {
  std::shared_ptr<const Verifier> verifier;
  Problem problem;
};

using QuestionList = std::vector<std::shared_ptr<const Question>>;

// Its text, to tell it by; cut after some 200 bytes.
std::string text_of(const Question& question);

// A task or a file that questions are drawn from.
struct QuestionKind {
  std::string name;
  std::function<Question(uint64_t index)> draw;  // the same for the same index, on any thread
  double weight = 1;                             // of questions, relative to the others; above 0
};

// Questions that `source` makes of `task`.
QuestionKind questions_of(std::shared_ptr<const Task> task,
                          std::shared_ptr<const TaskSource> source, double weight = 1);

// Those of a list that is not empty, again and again, each time in another order.
QuestionKind questions_of(std::string name, QuestionList list, uint64_t seed, double weight = 1);

// Immutable, so any number of threads may use one.
class QuestionSource {
 public:
  // At least one kind.
  explicit QuestionSource(std::vector<QuestionKind> kinds);

  // Question number `number`, always the same one. Microseconds for text, milliseconds for pictures
  // and voices.
  Question question(uint64_t number) const;

  QuestionList questions(std::span<const uint64_t> numbers) const;

 private:
  std::vector<QuestionKind> kinds_;
  Interleaving order_;
};

// Numbers of questions that are all different.
struct QuestionSplit {
  std::vector<uint64_t> held_out;  // never trained on
  std::vector<uint64_t> pool;
};

struct QuestionCounts {
  int64_t held_out = 64;
  int64_t pool = 1024;  // wanted; there are fewer where the tasks have no more
  int64_t least = 16;   // of the pool
};

// Makes questions until there are enough, or no new ones come. Each has to have its own answer
// accepted, and so has one that comes again with another answer. Fails with Conflict, naming the
// task, where that is not so, with InvalidArgument where the pool stays too small, and as grade()
// does.
Result<QuestionSplit> split_questions(const QuestionSource& source, const QuestionCounts& counts,
                                      Duration verifier_deadline);

}  // namespace melete::train
