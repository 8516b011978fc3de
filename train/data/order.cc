#include "data/order.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "base/check.h"

namespace melete::train {

namespace {

// How many of the first `total` a source with this share gets.
uint64_t taken(uint64_t total, double share) {
  return static_cast<uint64_t>(std::floor(static_cast<double>(total) * share));
}

// A Feistel network of four rounds: another order of the numbers below 4^half_bits.
uint64_t permuted(uint64_t number, int half_bits, uint64_t seed) {
  const uint64_t mask = (uint64_t{1} << half_bits) - 1;
  uint64_t left = number >> half_bits;
  uint64_t right = number & mask;
  for (uint64_t round = 0; round < 4; ++round) {
    const uint64_t mixed = left ^ (scrambled(seed + (round << 62) + right) & mask);
    left = right;
    right = mixed;
  }
  return left << half_bits | right;
}

}  // namespace

uint64_t scrambled(uint64_t number) {
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9ULL;
  number = (number ^ (number >> 27)) * 0x94d049bb133111ebULL;
  return number ^ (number >> 31);
}

Interleaving::Interleaving(const std::vector<double>& weights) {
  double rest = std::accumulate(weights.begin(), weights.end(), 0.0);
  MELETE_CHECK(rest > 0, "a source has a weight");
  for (const double weight : weights) {
    shares_.push_back(std::min(1.0, weight / rest));
    rest -= weight;
  }
  shares_.back() = 1;
}

Interleaving::Place Interleaving::at(uint64_t index) const {
  for (size_t source = 0; source + 1 < shares_.size(); ++source) {
    const uint64_t before = taken(index, shares_[source]);
    if (taken(index + 1, shares_[source]) > before) return {source, before};
    index -= before;
  }
  return {shares_.size() - 1, index};
}

uint64_t Interleaving::count(size_t source, uint64_t total) const {
  for (size_t earlier = 0; earlier < source; ++earlier) total -= taken(total, shares_[earlier]);
  return taken(total, shares_[source]);
}

// The network's numbers are at most four times as many as the things: where one is none of them,
// the walk goes on from there until it is.
uint64_t shuffled(uint64_t index, uint64_t count, uint64_t seed) {
  const int half_bits = (std::bit_width(count - 1) + 1) / 2;
  const uint64_t pass_seed = scrambled(seed + scrambled(index / count + 1));
  uint64_t place = index % count;
  do {
    place = permuted(place, half_bits, pass_seed);
  } while (place >= count);
  return place;
}

}  // namespace melete::train
