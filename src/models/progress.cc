// The rate is an average over windows of two seconds, so that it neither jumps nor lags.

#include "models/progress.h"

#include <algorithm>
#include <utility>

namespace melete::models {
namespace {

constexpr auto kTellEvery = std::chrono::milliseconds(200);
constexpr auto kWindow = std::chrono::seconds(2);
constexpr double kSmoothing = 0.5;

double seconds_between(Instant from, Instant to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

ProgressMeter::ProgressMeter(ProgressCallback callback, int64_t bytes_total, const Clock& clock)
    : callback_(std::move(callback)), clock_(clock) {
  progress_.bytes_total = bytes_total;
}

void ProgressMeter::update(int64_t bytes_done) {
  const Instant now = clock_.now();
  progress_.bytes_done = bytes_done;
  if (!started_ || bytes_done < window_bytes_) {
    started_ = true;
    window_start_ = now;
    window_bytes_ = bytes_done;
    tell();
    return;
  }
  if (now - window_start_ >= kWindow) {
    const double rate =
        static_cast<double>(bytes_done - window_bytes_) / seconds_between(window_start_, now);
    double& smooth = progress_.bytes_per_second;
    smooth = smooth == 0 ? rate : kSmoothing * smooth + (1 - kSmoothing) * rate;
    window_start_ = now;
    window_bytes_ = bytes_done;
  }
  if (now - last_told_ >= kTellEvery) tell();
}

void ProgressMeter::enter(PullPhase phase) {
  progress_.phase = phase;
  tell();
}

void ProgressMeter::tell() {
  last_told_ = clock_.now();
  progress_.seconds_left.reset();
  if (progress_.bytes_per_second > 0 && progress_.bytes_total > 0) {
    const auto left = std::max<int64_t>(0, progress_.bytes_total - progress_.bytes_done);
    progress_.seconds_left = static_cast<double>(left) / progress_.bytes_per_second;
  }
  if (callback_) callback_(progress_);
}

}  // namespace melete::models
