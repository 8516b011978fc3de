#include "corpus/near_duplicates.h"

#include <algorithm>
#include <limits>

#include "corpus/words.h"
#include "data/order.h"

namespace melete::train {

NearDuplicates::NearDuplicates(double similarity) : similarity_(similarity) {
  for (size_t i = 0; i < kFunctions; ++i) {
    factors_[i] = scrambled(2 * i + 1) | 1U;
    offsets_[i] = scrambled(2 * i + 2);
  }
}

// Each function is multiply-shift (Dietzfelbinger et al., 1997): the upper half of a product.
NearDuplicates::Signature NearDuplicates::signature_of(std::span<const uint64_t> words) const {
  Signature signature{};
  signature.fill(std::numeric_limits<uint32_t>::max());
  const size_t run = std::min(kRun, words.size());
  for (size_t first = 0; first + run <= words.size(); ++first) {
    const uint64_t hash = hash_of(words.subspan(first, run));
    for (size_t i = 0; i < kFunctions; ++i) {
      const auto value = static_cast<uint32_t>((hash * factors_[i] + offsets_[i]) >> 32);
      signature[i] = std::min(signature[i], value);
    }
  }
  return signature;
}

bool NearDuplicates::is_near(const Signature& one, const Signature& other) const {
  size_t same = 0;
  for (size_t i = 0; i < kFunctions; ++i) same += one[i] == other[i] ? 1 : 0;
  return static_cast<double>(same) >= similarity_ * static_cast<double>(kFunctions);
}

bool NearDuplicates::add(std::span<const uint64_t> words, uint64_t group) {
  if (words.empty()) return true;
  const Signature signature = signature_of(words);
  std::array<uint64_t, kBands> keys{};
  for (size_t band = 0; band < kBands; ++band) {
    std::array<uint64_t, 2 + kRows> parts{group, band};
    std::copy_n(signature.begin() + band * kRows, kRows, parts.begin() + 2);
    keys[band] = hash_of(parts);
  }
  for (const uint64_t key : keys) {
    const auto [first, last] = bands_.equal_range(key);
    if (std::any_of(first, last, [&](const auto& entry) {
          return is_near(signature, signatures_[entry.second]);
        })) {
      return false;
    }
  }
  for (const uint64_t key : keys) bands_.emplace(key, static_cast<uint32_t>(signatures_.size()));
  signatures_.push_back(signature);
  return true;
}

}  // namespace melete::train
