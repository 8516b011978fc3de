// Which cells of the pool each column attends to, in the pool's order, and how they are cut.
//
// A column's cells go through attention 32 at a time (a tile); some tiles make a span, whose result
// is a partial one. Columns of about one length are cut alike, so that those with the same cells
// have the same tiles.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace melete::engine::kernels {

// The cells of some columns, in memory that all threads share.
//
// Invariant: a column is listed by one thread; all threads read it after they have met.
class AttentionCells {
 public:
  // Bytes of memory for `columns` columns over a pool of `cells` cells.
  static size_t bytes(int columns, int64_t cells);

  // A column is cut into at most `most_spans` spans, at least 1.
  AttentionCells(std::byte* memory, int columns, int64_t cells, int most_spans);

  // Lists the cells whose mask (f16, one number for each cell of the pool) is not -infinity.
  void list(int column, const uint16_t* mask);

  // True when some of the column's cells have a mask other than zero.
  bool biased(int column) const { return headers_[column].biased; }

  int span_count(int column) const;
  int tiles_of_span(int column) const;

  // The cells of a tile, counted within its span; empty where the column has none.
  std::span<const int32_t> tile(int column, int span, int tile) const;

 private:
  struct Header {
    int32_t count;
    bool biased;
  };

  int span_tiles(int tiles) const;

  int64_t pool_;
  int most_spans_;
  Header* headers_;
  int32_t* cells_;  // [column][cell]
};

}  // namespace melete::engine::kernels
