// Asking for weights before they are needed: in a step of few columns memory is what takes time.

#pragma once

#include <algorithm>

#include "engine/kernels/format.h"

namespace melete::engine::kernels {

// One walk over a group's blocks; a tile takes several of them.
struct Walk {
  int column;  // the first one
  int row;
  int number;
  int count;  // of the tile's walks
};

// Asks for a piece at each of the `Format::kPieces` places that a format has in a block, for with
// more than some twenty lines under way a load waits. One walk alone asks for what lies kReadAhead
// further on, and for what comes kReadFarAhead after that into the second cache, where more may be
// under way. Of several the first would find its weights in memory and the others leave memory
// idle: each asks for its share of the group that comes next.
template <typename Format>
class ReadAhead {
 public:
  ReadAhead(const Tile& tile, Walk walk)
      : alone_(walk.count == 1),
        piece_((sizeof(typename Format::Block) + walk.count * Format::kPieces - 1) /
               (walk.count * Format::kPieces)),
        at_(tile.next + walk.number * piece_ * Format::kPieces * tile.block_count),
        next_(tile.next) {
    const size_t group_bytes = sizeof(typename Format::Block) * tile.block_count;
    if (!alone_ || group_bytes <= kReadAhead) return;
    at_ = tile.weights + kReadAhead;
    left_ = group_bytes - kReadAhead;
  }

  void advance() {
    for (size_t line = 0; line < piece_; line += kLineBytes) {
      __builtin_prefetch(at_ + line, 0, 3);
      if (alone_) __builtin_prefetch(at_ + line + kReadFarAhead, 0, 2);
    }
    at_ += piece_;
    if (left_ == 0) return;
    left_ -= std::min(left_, piece_);
    if (left_ == 0) at_ = next_;
  }

 private:
  static constexpr size_t kLineBytes = 64;
  bool alone_;
  size_t piece_;
  const std::byte* at_;
  const std::byte* next_;
  size_t left_ = 0;  // bytes of this group that have not been asked for
};

}  // namespace melete::engine::kernels
