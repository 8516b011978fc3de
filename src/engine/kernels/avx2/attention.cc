// Attention with AVX2.

#include "engine/kernels/attention_math.h"
#include "engine/kernels/avx2/kernels.h"
#include "engine/kernels/avx2/vector.h"
#include "engine/kernels/avx2/vector_256.h"
#include "engine/kernels/ggml_blocks.h"

namespace melete::engine::kernels::avx2 {
namespace {

// Eight floats of a row, from a multiple of eight on.
struct RowF16 {
  static __m256 floats(const std::byte* row, int from) {
    return load_f16(reinterpret_cast<const uint16_t*>(row) + from);
  }
};

struct RowQ8_0 {
  static __m256 floats(const std::byte* row, int from) {
    const block_q8_0& block = reinterpret_cast<const block_q8_0*>(row)[from / QK8_0];
    const __m256i quants = _mm256_cvtepi8_epi32(load_8(block.qs + from % QK8_0));
    const __m256 scale = _mm256_cvtph_ps(_mm_set1_epi16(static_cast<int16_t>(block.d)));
    return _mm256_mul_ps(_mm256_cvtepi32_ps(quants), scale);
  }
};

// Zeros for a cell that is missing.
template <typename Row>
__m256 floats_of(const CellRows& rows, int cell, int from) {
  if (cell >= std::ssize(rows.cells)) return _mm256_setzero_ps();
  return Row::floats(rows.base + rows.cells[cell] * rows.stride, from);
}

// Stores an 8 by 8 square turned over its diagonal, rows of `tile` being 32 floats.
void store_turned(const __m256 (&rows)[8], float* tile) {
  __m256 pairs[8];
  for (int i = 0; i < 8; i += 2) {
    pairs[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
    pairs[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
  }
  __m256 quads[8];
  for (int i = 0; i < 8; i += 4) {
    quads[i] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0x44);
    quads[i + 1] = _mm256_shuffle_ps(pairs[i], pairs[i + 2], 0xee);
    quads[i + 2] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0x44);
    quads[i + 3] = _mm256_shuffle_ps(pairs[i + 1], pairs[i + 3], 0xee);
  }
  for (int i = 0; i < 4; i++) {
    _mm256_storeu_ps(tile + i * kTileCells, _mm256_permute2f128_ps(quads[i], quads[i + 4], 0x20));
    _mm256_storeu_ps(tile + (i + 4) * kTileCells,
                     _mm256_permute2f128_ps(quads[i], quads[i + 4], 0x31));
  }
}

template <typename Row>
void load_keys_of(const CellRows& rows, float* keys) {
  for (int cell = 0; cell < kTileCells; cell += 8) {
    for (int from = 0; from < rows.size; from += 8) {
      __m256 square[8];
      for (int i = 0; i < 8; i++) square[i] = floats_of<Row>(rows, cell + i, from);
      store_turned(square, keys + from * kTileCells + cell);
    }
  }
}

template <typename Row>
void load_values_of(const CellRows& rows, float* values) {
  for (int cell = 0; cell < std::ssize(rows.cells); cell++) {
    for (int from = 0; from < rows.size; from += 8) {
      _mm256_storeu_ps(values + cell * rows.size + from, floats_of<Row>(rows, cell, from));
    }
  }
}

}  // namespace

void load_keys(const CellRows& rows, float* keys) {
  if (rows.format == CellFormat::Q8_0) return load_keys_of<RowQ8_0>(rows, keys);
  load_keys_of<RowF16>(rows, keys);
}

void load_values(const CellRows& rows, float* values) {
  if (rows.format == CellFormat::Q8_0) return load_values_of<RowQ8_0>(rows, values);
  load_values_of<RowF16>(rows, values);
}

const AttentionMath kAttention = {
    .load_keys = load_keys, .load_values = load_values, .attend = TileMath<Vector256>::attend};

}  // namespace melete::engine::kernels::avx2
