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

#include "engine/kernels/avx2/vector.h"
#include "engine/kernels/format.h"

namespace melete::engine::kernels::avx2 {

// The two halves of 16 rows: integers of a block, and the results so far.
struct Sums {
  __m256i halves[2];
};
struct Totals {
  __m256 halves[2];
};

// The columns of a panel's block and their sums.
template <typename Format>
struct ColumnSums {
  const typename Format::Column* values;
  Sums* sums;
  int count;
};

// 16-bit sums of a tile.
template <int kColumns>
struct TileSums {
  __m256i halves[kColumns][2];
};

// Written as an instruction: left to itself, g++ gathers the additions of all quads and spills the
// products.
inline void add_in_place(__m256i& sum, __m256i product) {
  asm("vpaddw %1, %0, %0" : "+x"(sum) : "x"(product));
}

// Adds the products of one quad of 16 rows with the same quad of each column. `values` is the first
// column's quad; `stride` bytes on lies the next one's.
template <int kColumns>
inline void add_quad(const __m256i (&quad)[2], const int8_t* values, size_t stride,
                     TileSums<kColumns>& sums) {
  for (int c = 0; c < kColumns; c++) {
    const __m256i column = broadcast_quad(values + c * stride);
    add_in_place(sums.halves[c][0], _mm256_maddubs_epi16(quad[0], column));
    add_in_place(sums.halves[c][1], _mm256_maddubs_epi16(quad[1], column));
  }
}

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

// All columns, in tiles of nearly equal width.
template <typename Format>
void add_columns(const typename Format::Block& block, const typename Format::Scales& scales,
                 ColumnSums<Format> columns) {
  for (int tiles = (columns.count + 3) / 4; tiles > 0; tiles--) {
    const int width = (columns.count + tiles - 1) / tiles;
    switch (width) {
      case 4:
        Format::template add<4>(block, scales, columns.values, columns.sums);
        break;
      case 3:
        Format::template add<3>(block, scales, columns.values, columns.sums);
        break;
      case 2:
        Format::template add<2>(block, scales, columns.values, columns.sums);
        break;
      default:
        Format::template add<1>(block, scales, columns.values, columns.sums);
    }
    columns = {columns.values + width, columns.sums + width, columns.count - width};
  }
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
  for (int c = 0; c < count; c++) {
    _mm256_storeu_ps(tile.out + kGroupRows * c, totals[c].halves[0]);
    _mm256_storeu_ps(tile.out + kGroupRows * c + 8, totals[c].halves[1]);
  }
}

}  // namespace melete::engine::kernels::avx2
