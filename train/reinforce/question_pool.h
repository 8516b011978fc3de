// The questions of a run, and which of them are worth asking: one that is never solved, or always,
// teaches little, so it is set aside for a while.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/json.h"

namespace melete::train {

struct PoolOptions {
  double least_solved = 0.1;  // set aside below this solve rate
  double most_solved = 0.9;   // and above this one; 1: what is always solved is still asked
};

// Questions by their places, 0 to size - 1. Goes through them again and again, each time in another
// order.
//
// Not thread-safe.
class QuestionPool {
 public:
  // At least one question.
  QuestionPool(int64_t size, uint64_t seed, PoolOptions options);

  // The next `count` different places, at most the pool's size. Where too few are worth asking,
  // others fill the rest.
  std::vector<size_t> choose(size_t count);

  // Takes note of what a group has shown of a question.
  void remember(size_t place, double solve_rate);

  // The most tokens of a right answer, of Toggle; a question keeps its first limit.
  std::optional<int64_t> limit(size_t place) const;
  void set_limit(size_t place, int64_t tokens);

  // Questions that are set aside.
  int64_t set_aside() const;

  // What has to be kept when a run stops. restore() fails for another size's, returning false.
  Json memory() const;
  bool restore(const Json& memory);

 private:
  struct Entry {
    uint64_t back = 0;  // when the walk may ask it again
    int64_t limit = 0;  // 0: none yet
  };

  uint64_t seed_;
  PoolOptions options_;
  uint64_t walked_ = 0;  // places of the walk that were passed
  std::vector<Entry> entries_;
};

}  // namespace melete::train
