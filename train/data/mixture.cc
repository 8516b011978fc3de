#include "data/mixture.h"

#include <utility>

#include "base/check.h"

namespace melete::train {

namespace {

// Neighbouring numbers become seeds that have nothing in common (SplitMix64's last step).
uint64_t scrambled(uint64_t number) {
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9ULL;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebULL;
  return number ^ (number >> 31);
}

}  // namespace

Mixture::Mixture(std::vector<MixtureItem> items, TraceShares shares, uint64_t seed)
    : items_(std::move(items)), shares_(shares), seed_(scrambled(seed + 1)) {
  for (const MixtureItem& item : items_) total_weight_ += item.weight;
  MELETE_CHECK(total_weight_ > 0, "a mixture has at least one task with a weight");
}

Example Mixture::example(uint64_t index) const {
  Random random(scrambled(seed_ + index));
  double fate = random.uniform(0, total_weight_);
  const MixtureItem* chosen = &items_.back();
  for (const MixtureItem& item : items_) {
    if (fate < item.weight) {
      chosen = &item;
      break;
    }
    fate -= item.weight;
  }
  const auto difficulty = static_cast<int>(random.between(chosen->easiest, chosen->hardest));
  const double share = random.unit();
  const Trace trace = share < shares_.longer                     ? Trace::Long
                      : share < shares_.longer + shares_.shorter ? Trace::Short
                                                                 : Trace::None;
  return example_of(chosen->task->make(random, difficulty), trace);
}

}  // namespace melete::train
