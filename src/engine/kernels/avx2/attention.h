// The arithmetic of attention over 32 cells at a time, for AVX2. Sizes are multiples of 8.

#pragma once

#include <cstddef>
#include <cstdint>

namespace melete::engine::kernels::avx2 {

inline constexpr int kCells = 32;

// Rows of f16 numbers, one for each of up to 32 cells of the pool, which may lie anywhere.
struct CellRows {
  const std::byte* base;
  size_t stride;         // bytes from one cell of the pool to the next
  const int32_t* cells;  // which cells
  int count;             // 1 to 32
  int size;              // numbers in a row
};

// Copies keys as floats, [number][cell]; missing cells are zeros. `tile` holds size * 32 floats.
void load_keys(const CellRows& rows, float* tile);

// Copies values as floats, [cell][number]; missing cells are zeros. `tile` holds 32 * size floats.
void load_values(const CellRows& rows, float* tile);

// What one query sees of 32 cells.
struct Look {
  const float* query;
  const float* bias;  // added to each cell's score; -infinity: the cell is not its own
  float scale;
  float* weights;  // out: exp(score - largest) for each cell
};

// The softmax of one query so far: weights are relative to `largest`, `sum` is theirs.
struct Softmax {
  float largest;
  float sum;
};

// Scores the query against a tile of keys. Returns the softmax with the tile's cells added; the
// caller rescales what it gathered under the earlier `largest`.
Softmax look(const Look& look, const float* keys, int size, Softmax before);

// gathered = gathered * factor + the values of 32 cells times their weights.
struct Gather {
  const float* weights;
  float factor;
  float* gathered;
};
void gather(const Gather& gather, const float* values, int size);

// Marks the cells whose mask (f16) is not -infinity: live[cell] becomes 1, others stay.
void mark_live(const uint16_t* mask, int count, uint8_t* live);

}  // namespace melete::engine::kernels::avx2
