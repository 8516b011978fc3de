// What comparisons need of an example, without its pictures, sounds and letters.

#pragma once

#include <cstdint>
#include <vector>

#include "data/example.h"

namespace melete::train {

struct Fingerprint {
  uint64_t whole = 0;                        // of speakers, texts and media, to the byte
  std::vector<std::vector<uint64_t>> turns;  // words of each, without the system's turns
  std::vector<uint64_t> media;               // each picture's pixels and each sound's samples

  std::vector<uint64_t> words() const;  // of all turns, one after the other
};

// O(bytes), pixels and samples included.
Fingerprint fingerprint_of(const Conversation& conversation);

}  // namespace melete::train
