// Sequences that are made on several threads before they are asked for.

#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/error.h"
#include "data/sequence.h"

namespace melete::train {

// Makes a sequence by its number. Called by any thread.
using SequenceMaker = std::function<Result<Sequence>(uint64_t)>;

// Keeps up to 64 sequences for each thread. at() is for one thread.
class SequencesAhead {
 public:
  // Begins with number `first`, on `threads` threads; at least 1.
  SequencesAhead(SequenceMaker make, uint64_t first, int threads);

  // Waits for the sequences that are being made.
  ~SequencesAhead();
  SequencesAhead(const SequencesAhead&) = delete;
  SequencesAhead& operator=(const SequencesAhead&) = delete;

  // The sequence of a number, or why it could not be made; waits until it is there. Each call asks
  // for the number of the call before, or for the one after it. Valid until the next call.
  const Result<Sequence>& at(uint64_t number);

 private:
  using Made = std::optional<Result<Sequence>>;

  void work();

  const SequenceMaker make_;
  const uint64_t room_;

  // All below is guarded by the mutex. Entry i of `ahead_` is that of number first_ + i; it is
  // empty while it is being made. A deque's entries stay where they are when it grows or shrinks at
  // its ends, so a thread fills its own after the lock was let go.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Made> ahead_;
  uint64_t first_;
  bool ended_ = false;

  std::vector<std::jthread> threads_;  // last: they use all of the above
};

}  // namespace melete::train
