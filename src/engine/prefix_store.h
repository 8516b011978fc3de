// Idle prefixes in RAM: the cells of finished conversations, saved as bytes so that they cost no
// step time.
//
// Bounded in bytes; what was used longest ago goes first.

#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include "engine/chain.h"

namespace melete::engine {

// Engine thread only.
class PrefixStore {
 public:
  struct Entry {
    Chain chain;  // one entry for each saved cell
    std::string adapter;
    std::vector<uint8_t> bytes;
  };

  // `byte_limit` of 0 keeps nothing.
  explicit PrefixStore(int64_t byte_limit);

  // Keeps an entry, dropping those that it contains and the oldest until it fits. Not kept when it
  // alone exceeds the limit or is contained in another.
  void put(Entry entry);

  // True when some entry begins with the whole of `chain`.
  bool contains(const Chain& chain, const std::string& adapter) const;

  // The entry with the longest common prefix with `chain`, or null. Marks it as used. The pointer
  // is valid until the next put(). O(entries x prefix).
  const Entry* find(const Chain& chain, const std::string& adapter);

  int64_t byte_count() const { return byte_count_; }

 private:
  const int64_t byte_limit_;
  int64_t byte_count_ = 0;
  std::list<Entry> entries_;  // most recently used first
};

}  // namespace melete::engine
