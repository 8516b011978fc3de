// Many sequences in rows of one length, so that little is computed for padding.

#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "data/media_places.h"

namespace melete::train {

// Plain values; every vector of places has rows * length entries. `first` of pictures and sounds
// counts from the first place of the first row.
struct PackedRows {
  int64_t rows = 0;
  int64_t length = 0;
  std::vector<int64_t> tokens;
  std::vector<int64_t> next;       // the token to write after this place; -1: not taught
  std::vector<int64_t> positions;  // within the sequence
  std::vector<int64_t> sequences;  // which sequence stands here, from 1; 0: none
  std::vector<int64_t> blocks;     // which picture stands here, from 1; 0: none
  std::vector<PlacedPicture> pictures;
  std::vector<PlacedSound> sounds;
};

// Some rows alone: `count` of them from row `first` on. Sequences and pictures keep their numbers.
// Copies what it takes.
PackedRows rows_of(const PackedRows& packed, int64_t first, int64_t count);

// Not thread-safe.
class Packer {
 public:
  // `padding` is the token of empty places.
  Packer(int64_t rows, int64_t length, int32_t padding);

  // Puts a sequence into the first row with room for it; false where no row has, and nothing
  // changed. O(tokens).
  bool add(const Sequence& sequence);

  // What was added. The packer is then of no more use.
  PackedRows take() && { return std::move(packed_); }

 private:
  PackedRows packed_;
  std::vector<int64_t> used_;  // places of each row
  int64_t sequences_ = 0;
};

}  // namespace melete::train
