// Attention on Arm.

#include <algorithm>

#include "engine/kernels/arm/kernels.h"
#include "engine/kernels/arm/vector_128.h"
#include "engine/kernels/attention_math.h"
#include "engine/kernels/ggml_blocks.h"

namespace melete::engine::kernels::arm {
namespace {

float number_of(const CellRows& rows, size_t cell, int i) {
  const std::byte* row = rows.base + rows.cells[cell] * rows.stride;
  if (rows.format == CellFormat::F16) return reinterpret_cast<const float16_t*>(row)[i];
  const block_q8_0& block = reinterpret_cast<const block_q8_0*>(row)[i / QK8_0];
  return ggml_fp16_to_fp32(block.d) * block.qs[i % QK8_0];
}

void load_keys(const CellRows& rows, float* keys) {
  std::fill_n(keys, rows.size * kTileCells, 0.0f);
  for (size_t cell = 0; cell < rows.cells.size(); cell++) {
    for (int i = 0; i < rows.size; i++) keys[i * kTileCells + cell] = number_of(rows, cell, i);
  }
}

void load_values(const CellRows& rows, float* values) {
  for (size_t cell = 0; cell < rows.cells.size(); cell++) {
    for (int i = 0; i < rows.size; i++) values[cell * rows.size + i] = number_of(rows, cell, i);
  }
}

}  // namespace

const AttentionMath kAttention = {
    .load_keys = load_keys, .load_values = load_values, .attend = TileMath<Vector128>::attend};

}  // namespace melete::engine::kernels::arm
