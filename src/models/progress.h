// What a download tells whoever watches it.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/clock.h"

namespace melete::models {

enum class PullPhase {
  Waiting,      // another process downloads into the same directory
  Downloading,  // bytes arrive
  Checking,     // the file is read once and its digest compared
  Done,
};

struct PullProgress {
  PullPhase phase = PullPhase::Downloading;
  int64_t bytes_done = 0;              // of the file, those of an earlier, cut download included
  int64_t bytes_total = 0;             // 0: the source did not say
  double bytes_per_second = 0;         // over the last seconds; 0 until known
  std::optional<double> seconds_left;  // once rate and total are known
};

// Called from the thread that pulls, at most about five times a second.
using ProgressCallback = std::function<void(const PullProgress&)>;

// Turns "this many bytes are here now" into progress with a rate, and limits how often it is told.
// Not thread-safe.
class ProgressMeter {
 public:
  // `callback` may be empty. `clock` must outlive the meter.
  ProgressMeter(ProgressCallback callback, int64_t bytes_total, const Clock& clock);

  void set_total(int64_t bytes_total) { progress_.bytes_total = bytes_total; }

  // Bytes of the file that are here; a first call sets what an earlier download left.
  void update(int64_t bytes_done);

  // Tells the new phase at once.
  void enter(PullPhase phase);

 private:
  void tell();

  ProgressCallback callback_;
  const Clock& clock_;
  PullProgress progress_;
  bool started_ = false;
  Instant window_start_;
  int64_t window_bytes_ = 0;
  Instant last_told_;
};

}  // namespace melete::models
