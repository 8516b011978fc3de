// The loop that every AVX2 product shares: 16 rows (two registers) times up to four columns.
//
// A tile keeps eight sums of 16 bits in registers, so that few loads feed many multiplications:
// each quad of weights is unpacked into two registers and meets a broadcast quad of every column.
// After 16 or 32 weights along k the sums are scaled and join the columns' 32-bit sums; after a
// block those join the columns' floats.
//
// A format gives
//   Block, Column                                  what weights and activations look like,
//   Scales, scales_of(block)                       a block's scales, widened,
//   add<columns>(block, scales, column, sums)      a block's products for some columns,
//   finish(scales, column, sums, totals)           a block's floats for one column.

#pragma once

#include "engine/kernels/avx2/tile.h"
#include "engine/kernels/format.h"

namespace melete::engine::kernels::avx2 {

// The integers of one column's block, in two halves of eight rows.
struct Sums {
  __m256i halves[2];
};

// The columns of a panel's block and their sums.
template <typename Format>
struct ColumnSums {
  const typename Format::Column* values;
  Sums* sums;
  int count;
};

// Multiplies 16-bit sums by each row's scale (in both halves of its lane) and adds them to the
// columns' sums.
template <int kColumns>
inline void add_scaled(const TileSums<kColumns>& tile, const __m256i (&scales)[2], Sums* sums) {
  for (int c = 0; c < kColumns; c++) {
    for (int half = 0; half < 2; half++) {
      const __m256i scaled = _mm256_madd_epi16(tile.halves[c][half], scales[half]);
      sums[c].halves[half] = _mm256_add_epi32(sums[c].halves[half], scaled);
    }
  }
}

template <typename Format>
void add_columns(const typename Format::Block& block, const typename Format::Scales& scales,
                 ColumnSums<Format> columns) {
  for_each_tile(columns.count, [&]<int kColumns>(TileAt<kColumns> tile) {
    Format::template add<kColumns>(block, scales, columns.values + tile.first,
                                   columns.sums + tile.first);
  });
}

template <typename Format>
void multiply(const Tile& tile) {
  const auto* block = reinterpret_cast<const typename Format::Block*>(tile.weights);
  const auto* columns = reinterpret_cast<const typename Format::Column*>(tile.activations);
  const int count = tile.column_count;
  Totals totals[kPanelColumns];
  Sums sums[kPanelColumns];
  for (int c = 0; c < count; c++) totals[c] = {_mm256_setzero_ps(), _mm256_setzero_ps()};
  for (int b = 0; b < tile.block_count; b++, block++, columns += count) {
    const auto scales = Format::scales_of(*block);
    for (int c = 0; c < count; c++) sums[c] = {_mm256_setzero_si256(), _mm256_setzero_si256()};
    add_columns<Format>(*block, scales, {columns, sums, count});
    for (int c = 0; c < count; c++) Format::finish(scales, columns[c], sums[c], totals[c]);
  }
  store(totals, tile);
}

}  // namespace melete::engine::kernels::avx2
