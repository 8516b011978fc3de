// Questions with answers that can be checked, by number; and those of them that a run trains on and
// is measured by.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "data/order.h"
#include "data/task.h"
#include "data/task_source.h"

namespace melete::train {

struct Question {
  std::shared_ptr<const Task> task;
  Problem problem;
};

// Its text, to tell it by; cut after some 200 bytes.
std::string text_of(const Question& question);

struct QuestionTask {
  std::shared_ptr<const Task> task;
  std::shared_ptr<const TaskSource> source;  // of this task
  double weight = 1;                         // of questions, relative to the others; above 0
};

// Immutable, so any number of threads may use one.
class QuestionSource {
 public:
  // At least one task.
  explicit QuestionSource(std::vector<QuestionTask> tasks);

  // Question number `number`, always the same one. Microseconds for text, milliseconds for pictures
  // and voices.
  Question question(uint64_t number) const;

 private:
  std::vector<QuestionTask> tasks_;
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
