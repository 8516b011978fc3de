#include "modes/loop_detector.h"

#include <algorithm>

namespace melete::modes {

namespace {

constexpr size_t kLookEvery = 128;  // bytes

}  // namespace

bool LoopDetector::add(std::string_view text) {
  if (loops_) return true;
  tail_ += text;
  bytes_ += text.size();
  sound_bytes_ = bytes_;
  unseen_ += text.size();
  if (unseen_ < kLookEvery) return false;
  unseen_ = 0;
  if (tail_.size() > options_.window) tail_.erase(0, tail_.size() - options_.window);
  look();
  return loops_;
}

void LoopDetector::look() {
  const auto backwards = [this](size_t i) { return tail_[tail_.size() - 1 - i]; };
  border_.assign(tail_.size(), 0);
  size_t longest = 0;
  size_t its_period = 0;
  for (size_t i = 1; i < tail_.size(); ++i) {
    size_t border = border_[i - 1];
    while (border > 0 && backwards(i) != backwards(border)) border = border_[border - 1];
    if (backwards(i) == backwards(border)) ++border;
    border_[i] = border;
    const size_t size = i + 1;
    const size_t period = size - border;
    if (size < options_.least_bytes || size < options_.repeats * period) continue;
    longest = size;
    its_period = period;
  }
  if (longest == 0) return;
  loops_ = true;
  sound_bytes_ = bytes_ - longest + its_period;
}

}  // namespace melete::modes
