// Attention on Arm.

#include <algorithm>

#include "engine/kernels/arm/kernels.h"
#include "engine/kernels/arm/vector_128.h"
#include "engine/kernels/attention_math.h"

namespace melete::engine::kernels::arm {
namespace {

const float16_t* row_of(const CellRows& rows, size_t cell) {
  return reinterpret_cast<const float16_t*>(rows.base + rows.cells[cell] * rows.stride);
}

void load_keys(const CellRows& rows, float* keys) {
  std::fill_n(keys, rows.size * kTileCells, 0.0f);
  for (size_t cell = 0; cell < rows.cells.size(); cell++) {
    const float16_t* row = row_of(rows, cell);
    for (int i = 0; i < rows.size; i++) keys[i * kTileCells + cell] = row[i];
  }
}

void load_values(const CellRows& rows, float* values) {
  for (size_t cell = 0; cell < rows.cells.size(); cell++) {
    const float16_t* row = row_of(rows, cell);
    for (int i = 0; i < rows.size; i++) values[cell * rows.size + i] = row[i];
  }
}

}  // namespace

const AttentionMath kAttention = {
    .load_keys = load_keys, .load_values = load_values, .attend = TileMath<Vector128>::attend};

}  // namespace melete::engine::kernels::arm
