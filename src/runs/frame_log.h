// The frames of one answer that a reader may still ask for: numbered from 0, the oldest dropped
// where there is no room.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "base/error.h"

namespace melete::runs {

struct Frames {
  std::string text;   // whole frames, one after the other
  int64_t last = -1;  // the number of the last of them
};

// Invariant: the frames kept are the last ones without a gap, and at least those of the last
// append.
//
// Not thread-safe.
class FrameLog {
 public:
  // `most_bytes` is what the frames together may take before the oldest go.
  explicit FrameLog(size_t most_bytes) : most_bytes_(most_bytes) {}

  // Adds frames, each of which ends with a blank line.
  void append(std::string_view frames);

  // The frames that follow number `after` (-1: from the first), as many as fit 64 KiB and at least
  // one; empty where there are none yet. InvalidArgument where some of them are gone.
  Result<Frames> after(int64_t after) const;

  // The number of the newest frame; -1 before the first.
  int64_t last() const { return first_ + static_cast<int64_t>(frames_.size()) - 1; }

 private:
  size_t most_bytes_;
  std::deque<std::string> frames_;
  int64_t first_ = 0;  // number of frames_.front()
  size_t bytes_ = 0;
};

}  // namespace melete::runs
