// The products of all formats with instructions that add four byte products at once (vpdpbusd,
// sdot), written once.
//
// `Words` says what a vector is and does: vnni/words_512.h (16 rows in a register),
// vnni/words_256.h (8 rows), arm/words_128.h (4 rows), or plain arrays in the tests. Weights are
// unsigned bytes, activations signed; what an offset of the weights adds is taken away by the
// activations' sums. A tile keeps its columns' integers in registers and turns them into floats
// after each sub-scale.

#pragma once

#include <algorithm>

#include "engine/kernels/format.h"
#include "engine/kernels/q4_0.h"
#include "engine/kernels/q4_1.h"
#include "engine/kernels/q4_k.h"
#include "engine/kernels/q6_k.h"
#include "engine/kernels/q8_0.h"
#include "engine/kernels/read_ahead.h"

namespace melete::engine::kernels {

// Rows `row` to `row + Words::kRows` of a block, times some columns.
template <typename Words>
class WordProducts {
  using Integers = typename Words::Integers;
  using Floats = typename Words::Floats;

  static constexpr int kTile = Words::kTileColumns;

  template <int kColumns>
  struct IntegerSums {
    Integers of[kColumns];
  };
  template <int kColumns>
  struct FloatSums {
    Floats of[kColumns];
  };

  // The products of 32 weights whose quads lie in nibbles.
  template <int kColumns, typename Column>
  static void add_nibbles(const uint8_t (&quants)[4][kGroupRows][4], int row, const int8_t* values,
                          IntegerSums<kColumns>& sums) {
    for (int quad = 0; quad < 4; quad++) {
      const Integers both = Words::load(quants[quad][row]);
      const Integers low = Words::template bits<0, 15>(both);
      const Integers high = Words::template bits<4, 15>(both);
      for (int c = 0; c < kColumns; c++) {
        const int8_t* column = values + c * sizeof(Column) + 4 * quad;
        sums.of[c] = Words::dot(sums.of[c], low, column);
        sums.of[c] = Words::dot(sums.of[c], high, column + 16);
      }
    }
  }

  struct Q4K {
    using Block = PackedQ4K;
    using Column = Activations256;
    static constexpr int kPieces = 8;

    template <int kColumns>
    static void add(const Block& block, int row, const Column* columns, ReadAhead<Q4K>& ahead,
                    FloatSums<kColumns>& sums) {
      FloatSums<kColumns> scaled = {};
      IntegerSums<kColumns> mins = {};
      for (int s = 0; s < 8; s++) {
        ahead.advance();
        IntegerSums<kColumns> products = {};
        add_nibbles<kColumns, Column>(block.quants[s], row, &columns->quants[32 * s], products);
        const Floats sub_scale = Words::unsigned_bytes(&block.sub_scales[s][row]);
        for (int c = 0; c < kColumns; c++) {
          scaled.of[c] =
              Words::multiply_add(Words::floats(products.of[c]), sub_scale, scaled.of[c]);
        }
      }
      for (int pair = 0; pair < 4; pair++) {
        const Integers both = Words::byte_pairs(block.mins[pair][row]);
        for (int c = 0; c < kColumns; c++) {
          mins.of[c] = Words::dot_pairs(mins.of[c], both, &columns[c].sums[2 * pair]);
        }
      }
      const Floats scale = Words::f16(&block.scales[row]);
      const Floats min_scale = Words::f16(&block.min_scales[row]);
      for (int c = 0; c < kColumns; c++) {
        const Floats min = Words::multiply(Words::floats(mins.of[c]), min_scale);
        const Floats sum = Words::subtract(Words::multiply(scaled.of[c], scale), min);
        sums.of[c] = Words::multiply_add(sum, Words::broadcast(columns[c].scale), sums.of[c]);
      }
    }
  };

  struct Q6K {
    using Block = PackedQ6K;
    using Column = Activations256;
    static constexpr int kPieces = 16;

    // The fourth quad's bits lie above the other three's.
    static Integers fourth(const Block& block, int s, int row) {
      const Integers highest = Words::template bits<2, 0x30>(Words::load(block.quants[s][0][row]));
      const Integers middle = Words::template bits<4, 0x0c>(Words::load(block.quants[s][1][row]));
      const Integers lowest = Words::template bits<6, 0x03>(Words::load(block.quants[s][2][row]));
      return Words::either(Words::either(highest, middle), lowest);
    }

    template <int kColumns>
    static void add(const Block& block, int row, const Column* columns, ReadAhead<Q6K>& ahead,
                    FloatSums<kColumns>& sums) {
      FloatSums<kColumns> scaled = {};
      for (int s = 0; s < 16; s++) {
        ahead.advance();
        IntegerSums<kColumns> products{};
        for (int c = 0; c < kColumns; c++) {
          const auto& offset = columns[c].offsets[s];
          products.of[c] = Words::broadcast(offset[0] + offset[1]);
        }
        for (int quad = 0; quad < 4; quad++) {
          const Integers weights =
              quad < 3 ? Words::template bits<0, 0x3f>(Words::load(block.quants[s][quad][row]))
                       : fourth(block, s, row);
          for (int c = 0; c < kColumns; c++) {
            products.of[c] =
                Words::dot(products.of[c], weights, &columns[c].quants[16 * s + 4 * quad]);
          }
        }
        const Floats sub_scale = Words::signed_bytes(&block.sub_scales[s][row]);
        for (int c = 0; c < kColumns; c++) {
          scaled.of[c] =
              Words::multiply_add(Words::floats(products.of[c]), sub_scale, scaled.of[c]);
        }
      }
      const Floats scale = Words::f16(&block.scales[row]);
      for (int c = 0; c < kColumns; c++) {
        const Floats sum = Words::multiply(scaled.of[c], scale);
        sums.of[c] = Words::multiply_add(sum, Words::broadcast(columns[c].scale), sums.of[c]);
      }
    }
  };

  // Adds the integers of a block of 32 with its scale.
  template <int kColumns>
  static void add_scaled(const uint16_t* scales, const Activations32* columns,
                         const IntegerSums<kColumns>& products, FloatSums<kColumns>& sums) {
    const Floats scale = Words::f16(scales);
    for (int c = 0; c < kColumns; c++) {
      const Floats both = Words::multiply(scale, Words::broadcast(columns[c].scale));
      sums.of[c] = Words::multiply_add(Words::floats(products.of[c]), both, sums.of[c]);
    }
  }

  struct Q4_0 {
    using Block = PackedQ4_0;
    using Column = Activations32;
    static constexpr int kPieces = 1;

    template <int kColumns>
    static void add(const Block& block, int row, const Column* columns, ReadAhead<Q4_0>& ahead,
                    FloatSums<kColumns>& sums) {
      ahead.advance();
      IntegerSums<kColumns> products{};
      for (int c = 0; c < kColumns; c++) {
        products.of[c] = Words::broadcast(columns[c].offsets[0] + columns[c].offsets[1]);
      }
      add_nibbles<kColumns, Column>(block.quants, row, columns->quants.data(), products);
      add_scaled(&block.scales[row], columns, products, sums);
    }
  };

  struct Q4_1 {
    using Block = PackedQ4_1;
    using Column = Activations32;
    static constexpr int kPieces = 1;

    template <int kColumns>
    static void add(const Block& block, int row, const Column* columns, ReadAhead<Q4_1>& ahead,
                    FloatSums<kColumns>& sums) {
      ahead.advance();
      IntegerSums<kColumns> products = {};
      add_nibbles<kColumns, Column>(block.quants, row, columns->quants.data(), products);
      add_scaled(&block.scales[row], columns, products, sums);
      const Floats min = Words::f16(&block.mins[row]);
      for (int c = 0; c < kColumns; c++) {
        sums.of[c] = Words::multiply_add(min, Words::broadcast(columns[c].sum), sums.of[c]);
      }
    }
  };

  struct Q8_0 {
    using Block = PackedQ8_0;
    using Column = Activations32;
    static constexpr int kPieces = 1;

    // Signed weights become unsigned by adding 128; the columns' offsets hold -8 times their sums.
    template <int kColumns>
    static void add(const Block& block, int row, const Column* columns, ReadAhead<Q8_0>& ahead,
                    FloatSums<kColumns>& sums) {
      ahead.advance();
      IntegerSums<kColumns> products{};
      for (int c = 0; c < kColumns; c++) {
        products.of[c] = Words::broadcast(16 * (columns[c].offsets[0] + columns[c].offsets[1]));
      }
      for (int quad = 0; quad < 8; quad++) {
        const Integers weights = Words::flip_signs(Words::load(block.quants[quad][row]));
        for (int c = 0; c < kColumns; c++) {
          products.of[c] = Words::dot_bytes(products.of[c], weights, &columns[c].quants[4 * quad]);
        }
      }
      add_scaled(&block.scales[row], columns, products, sums);
    }
  };

  template <typename Format, int kColumns>
  static void multiply_columns(const Tile& tile, Walk walk) {
    const auto* block = reinterpret_cast<const typename Format::Block*>(tile.weights);
    const auto* columns = reinterpret_cast<const typename Format::Column*>(tile.activations);
    ReadAhead<Format> ahead(tile, walk);
    FloatSums<kColumns> sums = {};
    for (int b = 0; b < tile.block_count; b++, block++, columns += tile.column_count) {
      Format::template add<kColumns>(*block, walk.row, columns + walk.column, ahead, sums);
    }
    for (int c = 0; c < kColumns; c++) {
      Words::store(tile.out + kGroupRows * (walk.column + c) + walk.row, sums.of[c]);
    }
  }

  template <typename Format, int kColumns>
  static void multiply_some(const Tile& tile, Walk walk, int columns) {
    if (columns == kColumns) return multiply_columns<Format, kColumns>(tile, walk);
    if constexpr (kColumns > 1) multiply_some<Format, kColumns - 1>(tile, walk, columns);
  }

  template <typename Format>
  static void multiply(const Tile& tile) {
    const int tiles = (tile.column_count + kTile - 1) / kTile;
    const int halves = kGroupRows / Words::kRows;
    Walk walk = {.column = 0, .row = 0, .number = 0, .count = tiles * halves};
    for (; walk.column < tile.column_count; walk.column += kTile) {
      for (walk.row = 0; walk.row < kGroupRows; walk.row += Words::kRows) {
        multiply_some<Format, kTile>(tile, walk, std::min(kTile, tile.column_count - walk.column));
        walk.number++;
      }
    }
  }

 public:
  static void q4_k(const Tile& tile) { multiply<Q4K>(tile); }
  static void q6_k(const Tile& tile) { multiply<Q6K>(tile); }
  static void q4_0(const Tile& tile) { multiply<Q4_0>(tile); }
  static void q4_1(const Tile& tile) { multiply<Q4_1>(tile); }
  static void q8_0(const Tile& tile) { multiply<Q8_0>(tile); }
};

template <typename Words>
inline constexpr ProductTable kWordProducts = {.q4_k = WordProducts<Words>::q4_k,
                                               .q6_k = WordProducts<Words>::q6_k,
                                               .q4_0 = WordProducts<Words>::q4_0,
                                               .q4_1 = WordProducts<Words>::q4_1,
                                               .q8_0 = WordProducts<Words>::q8_0};

}  // namespace melete::engine::kernels
