// Which example comes when, as functions of its number alone: a run can go on anywhere, and two
// threads need not agree on anything.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace melete::train {

// Neighbouring numbers become seeds that have nothing in common (SplitMix64's last step).
uint64_t scrambled(uint64_t number);

// Takes turns among sources by weight, as evenly as whole numbers allow. Each source is asked for
// its numbers 0, 1, 2, ... without gaps.
//
// Immutable, so any number of threads may use one.
class Interleaving {
 public:
  // At least one weight; all above 0.
  explicit Interleaving(const std::vector<double>& weights);

  struct Place {
    size_t source = 0;
    uint64_t index = 0;  // within the source
  };

  // Where number `index` comes from. O(sources).
  Place at(uint64_t index) const;

  // How many of the first `total` come from `source`. O(sources).
  uint64_t count(size_t source, uint64_t total) const;

 private:
  std::vector<double> shares_;  // of what the sources before leave
};

// Number `index` of an endless walk through `count` things: each pass visits all of them once, in
// an order of its own that depends on `seed`. `count` is at least 1 and below 2^62. O(1).
uint64_t shuffled(uint64_t index, uint64_t count, uint64_t seed);

}  // namespace melete::train
