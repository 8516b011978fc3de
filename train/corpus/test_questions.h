// Questions of test sets, and whether an example gives one of them away.
//
// A question of words alone is found where some run of its words (13 by default, as for GPT-3;
// Brown et al., 2020, appendix C) stands in an example, or all of them where it is shorter. One of
// fewer than four words would be found everywhere: it counts where it is a whole turn. A question
// with pictures or sounds counts where an example has one of these, for its words mean nothing
// without them.

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <unordered_set>
#include <vector>

#include "base/error.h"
#include "corpus/fingerprint.h"

namespace melete::train {

// Not thread-safe while it is added to.
class TestQuestions {
 public:
  // `run` is in words, at least 4.
  explicit TestQuestions(size_t run);

  // Adds a JSONL file. Of {"question": ...} (as `melete eval` reads it, with `image` and `audio`)
  // the question counts, of conversations each turn of the user, of {"text": ...} all. Fails with
  // NotFound, and with InvalidArgument or Corrupt, naming the line: a test that cannot be read
  // cannot be kept apart.
  Result<void> add(const std::filesystem::path& file);

  bool given_away_by(const Fingerprint& example) const;

  int64_t size() const { return size_; }

 private:
  void add_turn(const Turn& turn);

  size_t run_;
  int64_t size_ = 0;
  std::map<size_t, std::unordered_set<uint64_t>> runs_;  // by their length
  std::unordered_set<uint64_t> turns_;                   // that are too short for a run
  std::unordered_set<uint64_t> media_;
};

}  // namespace melete::train
