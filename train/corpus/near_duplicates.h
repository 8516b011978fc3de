// Finds texts that are nearly the same as an earlier one, without comparing each with each.
//
// MinHash (Broder, 1997): of a text's runs of five words, 120 hash functions each keep the smallest
// value; two texts agree in a function as often as their runs overlap (Jaccard similarity). The 120
// lie in 20 bands of 6 (locality-sensitive hashing, Indyk and Motwani, 1998): only texts that agree
// in a whole band are compared, which at a similarity of 0.8 misses one pair in 400.

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace melete::train {

// Not thread-safe. Keeps about 1.2 KB of each text.
class NearDuplicates {
 public:
  // `similarity` is the overlap from which two texts are one, 0.7 to 1.
  explicit NearDuplicates(double similarity);

  // Remembers a text, given as words, and is true; false where an earlier one of the same `group`
  // is nearly the same. A text without words is nobody's duplicate. O(words), some 0.1 ms for a
  // thousand.
  bool add(std::span<const uint64_t> words, uint64_t group = 0);

 private:
  static constexpr size_t kBands = 20;
  static constexpr size_t kRows = 6;
  static constexpr size_t kFunctions = kBands * kRows;
  static constexpr size_t kRun = 5;  // words

  using Signature = std::array<uint32_t, kFunctions>;

  Signature signature_of(std::span<const uint64_t> words) const;
  bool is_near(const Signature& one, const Signature& other) const;

  double similarity_;
  std::array<uint64_t, kFunctions> factors_{};
  std::array<uint64_t, kFunctions> offsets_{};
  std::vector<Signature> signatures_;
  std::unordered_multimap<uint64_t, uint32_t> bands_;  // group, band and rows to a signature
};

}  // namespace melete::train
