#include "loop/sequences_ahead.h"

#include <utility>

namespace melete::train {

namespace {

constexpr uint64_t kRoom = 64;  // for each thread; a voice takes as long as a hundred short texts

}  // namespace

SequencesAhead::SequencesAhead(SequenceMaker make, uint64_t first, int threads)
    : make_(std::move(make)), room_(kRoom * static_cast<uint64_t>(threads)), first_(first) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

SequencesAhead::~SequencesAhead() {
  const std::scoped_lock lock(mutex_);
  ended_ = true;
  changed_.notify_all();
}

const Result<Sequence>& SequencesAhead::at(uint64_t number) {
  std::unique_lock lock(mutex_);
  while (first_ < number) {
    ahead_.pop_front();
    ++first_;
    changed_.notify_all();
  }
  changed_.wait(lock, [&] { return !ahead_.empty() && ahead_.front(); });
  return *ahead_.front();
}

void SequencesAhead::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return ended_ || ahead_.size() < room_; });
    if (ended_) return;
    const uint64_t number = first_ + ahead_.size();
    Made& place = ahead_.emplace_back();
    lock.unlock();
    Result<Sequence> made = make_(number);
    lock.lock();
    place = std::move(made);
    changed_.notify_all();
  }
}

}  // namespace melete::train
