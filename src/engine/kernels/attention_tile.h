// The arithmetic of attention: some queries look at one tile of up to 32 cells.
//
// What a query gets depends on its own cells alone, not on who else looks at them and not on where
// in the pool they lie. A cell's weight is exact up to a power of two: 2^f of its own score is
// scaled by 2^(n - reference), and a larger reference rescales what was gathered before by a power
// of two as well. Weights of 24 bits meet values of 11 or 18, whose products are summed in doubles:
// another order of the cells changes bits that the result, a float, does not show.

#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

namespace melete::engine::kernels {

inline constexpr int kTileCells = 32;

// A query's result over some cells: the softmax so far and the values gathered under it.
struct Partial {
  float exponent;  // weights are relative to 2 to this power; whole, -infinity before any cell
  double sum;      // of the weights
  double* gathered;
};

// 2^(smaller - larger), of exponents as in Partial; 0 where that is too small for a double.
inline double power_of_two_between(float smaller, float larger) {
  if (smaller == larger) return 1;
  const float difference = smaller - larger;
  return difference > -1022 ? std::ldexp(1.0, static_cast<int>(difference)) : 0;
}

// One query and what it has seen in the tiles before.
struct TileQuery {
  const float* query;
  const float* biases;  // of 32 cells, added to their scores
  int count;            // its own cells: the tile's first ones; 1 to 32
  Partial* partial;     // the tile joins it
};

// Keys and values of a tile's cells as floats.
struct AttentionTile {
  const float* keys;    // [number][cell]; cells that are missing are zeros
  const float* values;  // [cell][number]
  int key_size;         // multiples of 16
  int value_size;
  float scale;  // of scores
};

// How a cell's numbers are kept. Those of Q8_0 are exact as floats too: 11 bits times 7.
enum class CellFormat { F16, Q8_0 };

// Rows of numbers, one for each of up to 32 cells of the pool, which may lie anywhere.
struct CellRows {
  CellFormat format;
  const std::byte* base;
  size_t stride;  // bytes from one cell of the pool to the next
  std::span<const int32_t> cells;
  int size;  // numbers in a row, a multiple of 8; in Q8_0 of 32
};

// An instruction set's way to do it. Pure; any thread.
struct AttentionMath {
  // Fill a tile's keys (32 times size floats) or values (as many).
  void (*load_keys)(const CellRows& rows, float* keys);
  void (*load_values)(const CellRows& rows, float* values);

  void (*attend)(const AttentionTile& tile, std::span<const TileQuery> queries);
};

}  // namespace melete::engine::kernels
