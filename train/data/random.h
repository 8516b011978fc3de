// Chance that is the same everywhere: the standard's distributions differ between libraries.

#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <utility>

namespace melete::train {

// Not thread-safe: one for each example.
class Random {
 public:
  explicit Random(uint64_t seed) : bits_(seed) {}

  // A whole number from `low` to `high`, both included; high - low is below 2^32, so that no number
  // is favoured noticeably.
  int64_t between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(bits_() % static_cast<uint64_t>(high - low + 1));
  }

  // From 0 (included) to 1 (excluded).
  double unit() { return static_cast<double>(bits_() >> 11) * 0x1p-53; }

  double uniform(double low, double high) { return low + (high - low) * unit(); }

  bool chance(double probability) { return unit() < probability; }

  // One element of an array, vector or the like that is not empty.
  template <typename List>
  const auto& pick(const List& list) {
    return *(std::begin(list) + between(0, std::ssize(list) - 1));
  }

  // Any order of the elements, all equally likely.
  template <typename List>
  void shuffle(List& list) {
    for (ptrdiff_t i = std::ssize(list) - 1; i > 0; --i) std::swap(list[i], list[between(0, i)]);
  }

  uint64_t seed() { return bits_(); }

 private:
  std::mt19937_64 bits_;
};

}  // namespace melete::train
