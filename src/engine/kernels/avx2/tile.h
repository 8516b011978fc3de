// Tiles: 16 rows (two registers) times up to four columns.
//
// A tile keeps eight sums of 16 bits in registers, so that few loads feed many multiplications:
// each quad of weights is unpacked into two registers and meets a broadcast quad of every column.

#pragma once

#include "engine/kernels/avx2/vector.h"
#include "engine/kernels/format.h"

namespace melete::engine::kernels::avx2 {

// One column's results so far, in two halves of eight rows.
struct Totals {
  __m256 halves[2];
};

inline void store(const Totals* totals, const Tile& tile) {
  for (int c = 0; c < tile.column_count; c++) {
    _mm256_storeu_ps(tile.out + kGroupRows * c, totals[c].halves[0]);
    _mm256_storeu_ps(tile.out + kGroupRows * c + 8, totals[c].halves[1]);
  }
}

// A tile of kColumns columns from `first`.
template <int kColumns>
struct TileAt {
  int first;
};

// Calls `work` for all columns in tiles of nearly equal width.
template <typename Work>
void for_each_tile(int count, const Work& work) {
  int first = 0;
  for (int tiles = (count + 3) / 4; tiles > 0; tiles--) {
    const int width = (count - first + tiles - 1) / tiles;
    switch (width) {
      case 4:
        work(TileAt<4>{first});
        break;
      case 3:
        work(TileAt<3>{first});
        break;
      case 2:
        work(TileAt<2>{first});
        break;
      default:
        work(TileAt<1>{first});
    }
    first += width;
  }
}

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

}  // namespace melete::engine::kernels::avx2
